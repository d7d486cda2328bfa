import { open } from 'node:fs/promises';
import { type FileKind, MalloError, quoted } from '@mallo/contracts';
import { openPromise, type ZipFile } from 'yauzl';

/** How torch.save began until version 1.6: protocol 2, then the magic number 0x1950a86a20f9469cfc6c as a pickled long. */
const LEGACY = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex');
const ZIP = Buffer.from('504b0304', 'hex');

/**
 * What a file of PyTorch is, by its first bytes and the names in its zip. The pickle in it is never opened: unpickling
 * can run any code.
 * @throws MalloError model.file_mismatch, model.file_damaged
 */
export async function pytorchKind(path: string, name: string): Promise<FileKind> {
  const isScript = /\.torchscript$/i.test(name);
  const expected = isScript ? 'TorchScript' : 'PyTorch';
  const start = await firstBytes(path, LEGACY.length);
  if (start.equals(LEGACY) && !isScript) return 'pytorch_legacy';
  if (!start.subarray(0, ZIP.length).equals(ZIP)) throw new MalloError('model.file_mismatch', { file: name, expected });
  const names = await namesIn(path, name);
  const has = (file: string) => names.some((one) => one.split('/').length === 2 && one.endsWith(`/${file}`));
  // A program has constants and code beside its weights (https://pytorch.org/docs/stable/jit.html).
  if (has('data.pkl') && has('constants.pkl')) return 'torchscript';
  if (has('data.pkl') && !isScript) return 'pytorch';
  throw new MalloError('model.file_mismatch', { file: name, expected });
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function namesIn(path: string, name: string): Promise<string[]> {
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(path, { autoClose: false });
    const names: string[] = [];
    for await (const entry of zip.eachEntry()) names.push(entry.fileName);
    return names;
  } catch (error) {
    throw new MalloError('model.file_damaged', { file: name, detail: quoted(error) }, { cause: error });
  } finally {
    zip?.close();
  }
}
