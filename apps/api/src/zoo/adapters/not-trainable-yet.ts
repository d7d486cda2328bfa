import { MalloError } from '@mallo/contracts';
import { catalogue, lookup, type ZooEntry } from '@mallo/zoo';

/** timm's classifiers of which the library states the accuracy: what people know and every trainer here can train. */
const WELL_KNOWN = catalogue.filter(({ source, published }) => source === 'timm' && published.length > 0);
/** Millions of parameters of a model of which they are not known: those of a ResNet-18. */
const USUAL_PARAMS_M = 11.7;
const ALTERNATIVES = 3;

/** Whether the entry is a class of Hugging Face's that the recipe trains. */
export function isTrainedClass({ taskType, architecture, activationsM }: ZooEntry): boolean {
  // Which sizes a checkpoint has no package tells; and a class that could not be counted reads more than images.
  return taskType === 'classification' && architecture === undefined && activationsM !== null;
}

/** What can be trained instead of a model: its own class, then classifiers of about as many parameters. */
export function trainableInstead(entry: ZooEntry): ZooEntry[] {
  const itsClass = entry.architecture === undefined ? undefined : lookup(entry.architecture, entry.source);
  const size = Math.log((itsClass ?? entry).paramsM || USUAL_PARAMS_M);
  const farness = (other: ZooEntry) => Math.abs(Math.log(other.paramsM ?? Number.MAX_VALUE) - size);
  const alike = WELL_KNOWN.toSorted((a, b) => farness(a) - farness(b));
  return [...(itsClass && isTrainedClass(itsClass) ? [itsClass] : []), ...alike].slice(0, ALTERNATIVES);
}

/** The refusal of a model that no recipe trains, with what can be trained instead. */
export function notTrainableYet(entry: ZooEntry): MalloError {
  const { name, source } = entry;
  const instead = trainableInstead(entry).map((other) => other.name);
  return new MalloError('model.not_trainable_yet', { name, source, instead: instead.join(', ') });
}
