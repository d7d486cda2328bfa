import { MalloError } from '@mallo/contracts';
import { catalogue, type ZooEntry } from '@mallo/zoo';

/** timm's classifiers of which the library states the accuracy: what people know and every trainer here can train. */
const WELL_KNOWN = catalogue.filter(({ source, published }) => source === 'timm' && published.length > 0);
/** Millions of parameters of a model of which they are not known: those of a ResNet-18. */
const USUAL_PARAMS_M = 11.7;
const ALTERNATIVES = 3;

/** What can be trained instead of a model: classifiers of about as many parameters, the nearest first. */
export function trainableInstead({ paramsM }: ZooEntry): ZooEntry[] {
  const size = Math.log(paramsM || USUAL_PARAMS_M);
  const farness = (other: ZooEntry) => Math.abs(Math.log(other.paramsM ?? Number.MAX_VALUE) - size);
  return WELL_KNOWN.toSorted((a, b) => farness(a) - farness(b)).slice(0, ALTERNATIVES);
}

/** The refusal of a model that no recipe trains, with what can be trained instead. */
export function notTrainableYet(entry: ZooEntry): MalloError {
  const instead = trainableInstead(entry).map(({ name }) => name);
  const { name, source } = entry;
  return new MalloError('model.not_trainable_yet', { name, source, instead: instead.join(', ') });
}
