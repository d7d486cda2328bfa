import { MalloError } from '@mallo/contracts';
import iconv from 'iconv-lite';
import { type Entry, getFileNameLowLevel } from 'yauzl';

const UTF8_FLAG = 0x800;
const UNICODE_PATH_FIELD = 0x7075;
/** Of file managers: nobody put them there, so nobody is told. */
const NOT_MEANT = /^(__MACOSX|thumbs\.db|desktop\.ini|\.DS_Store|\._.*)$/i;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function decodeUnmarked(bytes: Buffer): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    const korean = iconv.decode(bytes, 'cp949');
    return korean.includes('\uFFFD') ? null : korean;
  }
}

/**
 * The name of a zip entry, in Unicode's composed form, separated by `/`.
 * A zip that does not say its names are UTF-8 should mean code page 437. But macOS writes UTF-8 without saying so,
 * and Windows in Korean writes code page 949, so these are tried before.
 */
export function entryName(entry: Entry): string {
  const marked =
    (entry.generalPurposeBitFlag & UTF8_FLAG) !== 0 || entry.extraFields.some(({ id }) => id === UNICODE_PATH_FIELD);
  const unmarked = marked ? null : decodeUnmarked(entry.fileNameRaw);
  const name = unmarked ?? getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
  return name.normalize('NFC').replaceAll('\\', '/');
}

/**
 * The folders and the file of a path, which stays inside whatever folder it is put in.
 * @throws MalloError dataset.unsafe_path
 */
export function safeSegments(path: string): string[] {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const unsafe = path.startsWith('/') || /^[a-z]:/i.test(path) || /[\u0000-\u001f]/.test(path);
  if (unsafe || segments.includes('..')) throw new MalloError('dataset.unsafe_path', { path });
  return segments;
}

/** Whether file managers left this behind. */
export function isLeftBehind(segments: string[]): boolean {
  return segments.some((segment) => NOT_MEANT.test(segment));
}
