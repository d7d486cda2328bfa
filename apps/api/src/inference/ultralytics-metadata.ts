/** What Ultralytics writes into the ONNX files that it exports. */
export type UltralyticsMetadata = {
  task: string;
  /** By their places; null where they cannot be read. */
  names: string[] | null;
  /** Height and width. */
  size: [number, number] | null;
};

/** An entry of Python's `repr` of a dict from places to names: `0: 'person'`, or `0: "tailor's"`. */
const NAME = /(\d+): (?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;
const NAMES_LIMIT = 25_000;

/** Null when the file was not exported by Ultralytics. */
export function ultralyticsMetadata(metadata: Record<string, string>): UltralyticsMetadata | null {
  const { author, stride, task, names, imgsz } = metadata;
  if (author !== 'Ultralytics' && !(stride && names && imgsz)) return null;
  const [, height, width] = /^\[(\d+), (\d+)\]$/.exec(imgsz ?? '') ?? [];
  return {
    task: task ?? 'detect',
    names: namesOf(names ?? ''),
    size: height && width ? [Number(height), Number(width)] : null,
  };
}

function namesOf(text: string): string[] | null {
  const names: string[] = [];
  for (const [, place, single, double] of text.matchAll(NAME)) {
    if (Number(place) !== names.length || names.length === NAMES_LIMIT) return null;
    names.push((single ?? double ?? '').replace(/\\(.)/g, '$1'));
  }
  return names.length > 0 ? names : null;
}
