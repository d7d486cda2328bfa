/** A box in the pixels of a model's input. */
export type RawBox = { x1: number; y1: number; x2: number; y2: number; score: number; classIndex: number };

/** Boxes of a class that overlap by more than this are one thing (Ultralytics' default). */
const OVERLAP = 0.7;
/** Of more candidates the least sure are left out (as by Ultralytics). */
const CANDIDATES = 30_000;

function overlap(a: RawBox, b: RawBox): number {
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  if (width <= 0 || height <= 0) return 0;
  const area = ({ x1, y1, x2, y2 }: RawBox) => (x2 - x1) * (y2 - y1);
  return (width * height) / (area(a) + area(b) - width * height);
}

/** Non-maximum suppression: of boxes of a class that overlap much only the surest stays. The surest first. */
export function keepBest<Box extends RawBox>(boxes: Box[], limit: number): Box[] {
  const kept: Box[] = [];
  for (const box of boxes.toSorted((a, b) => b.score - a.score).slice(0, CANDIDATES)) {
    if (kept.length === limit) break;
    if (!kept.some((one) => one.classIndex === box.classIndex && overlap(one, box) > OVERLAP)) kept.push(box);
  }
  return kept;
}
