import type { Artifact, ModelVersion } from '@mallo/contracts';
import { lookup } from '@mallo/zoo';
import { pythonString } from './python-text.js';

type OfUltralytics = Pick<ModelVersion, 'architecture' | 'framework'>;

/** Asks weights as Ultralytics writes them; null where the version is none. It opens files by their ending, `.pt`, only. */
export function ultralyticsSnippet({ architecture, framework }: OfUltralytics, weights: Artifact): string | null {
  const isIts = framework.toLowerCase() === 'ultralytics' || lookup(architecture)?.source === 'ultralytics';
  if (!isIts || !weights.name.endsWith('.pt')) return null;
  return `from ultralytics import YOLO

# Ultralytics opens the file as a pickle, which may run code: only files whose maker you trust.
model = YOLO(${pythonString(weights.name)})
for result in model("image.jpg"):
    if result.probs is not None:
        print(result.names[result.probs.top1], float(result.probs.top1conf))
    for box in result.boxes or []:
        print(result.names[int(box.cls)], float(box.conf), box.xyxy[0].tolist())
`;
}
