import { findClasses } from './classes.js';
import { isQuestion } from './command-signs.js';
import { isNearMiss } from './datasets.js';
import { AGENTS, namesModelOfThing } from './list-signs.js';
import { type ContextDataset, type Reading, says } from './reading.js';
import { asksWhQuestion } from './requests.js';
import { has } from './terms.js';

/** How much of a message speaks of training: below 2 it is about something else. */
export function evidence(reading: Reading, known: readonly ContextDataset[]): number {
  const { tasks, models, fields, datasets, terms } = reading;
  const classes = findClasses(reading);
  const inClasses = new Set(classes ? terms.slice(classes.from, classes.to) : []);
  const unknown = [...reading.unknown].filter((term) => !inClasses.has(term));
  let sum = 0;
  if (tasks.some((task) => !task.weak)) sum += 2;
  else if (tasks.some((task) => task.task === 'classification')) sum += 1.2;
  else if (tasks.length > 0) sum += 0.7;
  if (models.some((model) => model.name || model.family)) sum += 2;
  else if (models.length > 0) sum += 1.3;
  const { found, refused, relative, open, unwanted } = fields;
  const setting = found.some(({ path }) => path.startsWith('hyperparameters.'));
  if (setting || refused.length + relative.length + open.length + unwanted.length > 0 || fields.stopsEarly) sum += 1.6;
  else if (found.some(({ from, to }) => terms.slice(from, to).some((term) => term.concepts.length > 0))) sum += 1;
  // "two cats": things counted are not yet classes.
  else if (found.length > 0) sum += 0.3;
  if (datasets.some((hit) => hit.exact)) sum += 1.4;
  else if (datasets.length > 0) sum += 1;
  if (says(reading, 'verb.train')) sum += 1;
  if (says(reading, 'noun.model')) sum += 1;
  if (says(reading, 'noun.dataset')) sum += says(reading, 'verb.train') ? 1 : 0.6;
  if (datasets.length === 0 && [...reading.unknown].some((term) => isNearMiss(known, term.text))) sum += 1;
  if (fields.maxParamsM !== undefined) sum += 1;
  if (says(reading, 'noun.image')) sum += 0.4;
  // "the best accuracy on cats", "digits on a microcontroller": what is wanted of a model for the data.
  if (datasets.length > 0 && says(reading, 'want.light', 'want.fast', 'noun.result')) sum += 0.8;
  if (says(reading, 'verb.start', 'verb.make', 'finetune')) sum += 0.4;
  // "digits please", "just do cats"
  const polite = terms.some((term) =>
    ['please', 'pls', 'plz', 'do', 'use', 'try', 'run', 'just', 'go'].includes(term.text),
  );
  if (polite && unknown.length === 0 && !isQuestion(reading) && datasets.some((hit) => hit.exact)) sum += 0.6;
  if (says(reading, 'unconcerned')) sum += 1;
  if (says(reading, 'delegate') && [...reading.concepts].some((concept) => concept.startsWith('hp.'))) sum += 1;
  // "train on catz-v2"
  if (says(reading, 'verb.train') && terms.some((term) => term.text === 'on') && unknown.length > 0) sum += 1;
  // "I need to know which bolts are faulty"
  if (says(reading, 'noun.defect') && datasets[0]?.item.taskType === 'anomaly_detection' && says(reading, 'verb.make'))
    sum += 0.8;
  // "latte_art with classes heart, swan and tulip"
  if (datasets.some((hit) => hit.exact) && says(reading, 'hp.numClasses')) sum += 0.8;
  // "cats. you pick the rest"
  if (datasets.length > 0 && says(reading, 'delegate')) sum += 0.8;
  // "how do I train my puppy": asks for advice, and about no model.
  if (
    tasks.length + models.length + found.length === 0 &&
    terms.some((term) => /^(how|어떻게)/.test(term.text)) &&
    !says(reading, 'noun.model', 'noun.dataset')
  )
    sum -= 1;
  const meaningful = terms.filter(
    (term) =>
      !term.empty && term.concepts.some((concept) => !['pronoun', 'and', 'only', 'all', 'of.these'].includes(concept)),
  ).length;
  // "the helmet one?" asks about something; only a request is read as one for a training.
  const asks = isQuestion(reading) && tasks.length + models.length + found.length === 0 && !says(reading, 'verb.train');
  // "my helmet is broken" names only a thing.
  const named = datasets.length > 0 && !datasets.some((hit) => hit.exact) && sum <= 1.4;
  if (
    sum >= 1 &&
    unknown.length === 0 &&
    meaningful > 0 &&
    !asks &&
    !(named && tasks.length === 0 && says(reading, 'mine', 'noun.defect', 'verb.change')) &&
    !(tasks.length + models.length + found.length === 0 && says(reading, 'ask.better', 'verb.compare'))
  )
    sum += 1;
  if (namesModelOfThing(reading)) sum -= 1;
  // "show me cat videos"
  if (
    says(reading, 'verb.list', 'verb.search') &&
    tasks.length + models.length + found.length === 0 &&
    !says(reading, 'verb.train', 'noun.model', 'noun.dataset')
  )
    sum -= 0.8;
  // "what does a stop sign look like"
  if (asksWhQuestion(reading) && tasks.length + models.length === 0 && !setting && !says(reading, 'verb.train'))
    sum -= 2;
  if (asks && datasets.length > 0 && !datasets.some((hit) => hit.exact)) sum -= 0.5;
  // "attendance sheet classifier": a name for what is wanted, of whatever it is.
  const wanted = terms.some(
    (term) => AGENTS.has(term.text) && has(term, 'task.classification', 'task.detection', 'task.segmentation'),
  );
  if (wanted && !isQuestion(reading)) sum += 0.6;
  // "do you like trains?"
  if (/^(?:do|does|did) (?:you|he|she|they) \w/.test(reading.text.chars.trim())) sum -= 1.5;
  // A classifier of texts is a model, but none that learns from pictures.
  if (says(reading, 'other.domain') && datasets.length === 0 && !says(reading, 'noun.image')) sum -= 3;
  // A request below a pasted log is still one.
  return sum - Math.min(3, 0.3 * Math.max(0, unknown.length - 1));
}
