import { type DatasetProblem, type DatasetVersion, MalloError } from '@mallo/contracts';
import { classOf, type Manifest, manifestSha256 } from './manifest.js';

const SHOWN_PROBLEMS = 200;
/** Below this a class can hardly be learned, nor its accuracy measured. */
const FEW_IMAGES = 10;

/** What a version's row says of its content. */
export type VersionSummary = Omit<DatasetVersion, 'id' | 'number' | 'createdAt'>;

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/**
 * Counts what was taken and adds the problems of whole classes. Classes without images are not classes of the dataset.
 * @throws MalloError dataset.no_images, dataset.one_class
 */
export function summarize(manifest: Manifest, classNames: string[], problems: DatasetProblem[]): VersionSummary {
  const counts = new Map<string, number>();
  for (const image of manifest.images) counts.set(classOf(image), (counts.get(classOf(image)) ?? 0) + 1);
  const classes = [...counts].map(([name, imageCount]) => ({ name, imageCount }));
  const [first] = classes;
  if (!first) throw new MalloError('dataset.no_images');
  if (classes.length === 1) throw new MalloError('dataset.one_class', { name: first.name });

  const ofClasses: DatasetProblem[] = [
    ...classNames.filter((name) => !counts.has(name)).map((path) => ({ kind: 'empty_class' as const, path })),
    ...classes
      .filter(({ imageCount }) => imageCount < FEW_IMAGES)
      .map(({ name }) => ({ kind: 'few_images' as const, path: name })),
  ];
  const all = [...ofClasses, ...problems];
  const problemCounts: Record<string, number> = {};
  for (const { kind } of all) problemCounts[kind] = (problemCounts[kind] ?? 0) + 1;
  return {
    imageCount: manifest.images.length,
    sizeBytes: manifest.images.reduce((sum, image) => sum + image.sizeBytes, 0),
    sha256: manifestSha256(manifest),
    classes: classes.sort((a, b) => (a.name < b.name ? -1 : 1)),
    problems: all.slice(0, SHOWN_PROBLEMS),
    problemCounts,
    medianWidth: median(manifest.images.map((image) => image.width)),
    medianHeight: median(manifest.images.map((image) => image.height)),
  };
}
