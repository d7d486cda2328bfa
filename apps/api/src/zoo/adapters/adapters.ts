import type { ModelSource } from '@mallo/contracts';
import type { ModelAdapter } from './adapter.js';
import { HuggingFaceAdapter } from './huggingface.js';
import { OwnAdapter } from './own.js';
import { TimmAdapter } from './timm.js';
import { AdapterWithoutRecipe } from './without-recipe.js';

/** How the models of each source are trained. */
export const adapters: Record<ModelSource, ModelAdapter> = {
  timm: new TimmAdapter(),
  huggingface: new HuggingFaceAdapter(),
  ultralytics: new AdapterWithoutRecipe('ultralytics'),
  mmdetection: new AdapterWithoutRecipe('mmdetection'),
  mmsegmentation: new AdapterWithoutRecipe('mmsegmentation'),
  detectron2: new AdapterWithoutRecipe('detectron2'),
  custom: new AdapterWithoutRecipe('custom'),
  // Whose models are known person by person; a config says of itself which code it is of.
  own: new OwnAdapter([]),
};
