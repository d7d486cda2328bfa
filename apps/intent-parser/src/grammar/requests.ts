import { isForbidden } from './negation.js';
import { COMMANDS, type Reading, says } from './reading.js';
import { has } from './terms.js';

/** What changes something is done only where it is asked for in so many words; these tell what is not such a request. */
const CODE = /[{}<>\\|`]|;\s*$|\$\w|\w\(\s*["'\w)]|:\/\/|="|='|^\s*[-*]?\s*\w+:\s*\S+\s*\n/m;
const SPEAKERS =
  'system|user|assistant|admin|administrator|root|developer|owner|bot|human|ai|gpt|claude|me|you|boss|manager|q|a|kind|command|action|run|intent|instructions?|directive|policy|important|note|attention|urgent|message|order|시스템|사용자|관리자|명령|명령어|지시|지시사항|중요|공지|긴급|알림|질문|답';
const LABELLED = new RegExp(
  `(?:^|\\n)\\W{0,4}(?:${SPEAKERS})\\s*[\\]:)]|(?:\\b(?:message|document|email|note|policy|instructions?|page|file)|문서|메일|쪽지)[^.\\n]{0,40}(?::|따라|requires?|says?|tells?)|^\\s*#{1,6}\\s`,
  'i',
);
const CONDITIONAL =
  /\b(?:if|whenever|unless|suppose|imagine|assuming|once)\b|\bwhen \S+ \S+|\b(?:midnight|tomorrow|tonight|later)\b|만약|만일|가정하|(?:넘으|끝나|되|떨어지|도달하|오르)면 |(?:뒤|이따|내일|나중)에 /;
const REPORTED =
  /라고 (?:했|하더|하던|말했|전해|시켰)|(?:assistant|bot|ai|model|someone|somebody) (?:should|must|has to|will|said|says|wants?)\b|\bas an ai\b|\brespond with\b/;
const WONDERS =
  /\bwhat (?:happens|would happen|will happen|if)\b|\bshould (?:i|we)\b|\bis it (?:ok|okay|safe|worth|better|wise|possible) to\b|\bdo you think\b|\bwho (?:stopped|promoted|rolled|cancelled|killed)|어떻게 (?:돼|되|될|됩)|무슨 일이|(?:나을|좋을|괜찮을|맞을)까|누가|해야 (?:할까|하나|돼\?|될까)/;

function written(reading: Reading): string {
  return reading.text.chars;
}

/** Whether a message names a command of those that change something, denied or not. */
export function speaksOfCommand(reading: Reading): boolean {
  return says(
    reading,
    ...COMMANDS,
    'alias.champion',
    'alias.candidate',
    'alias.challenger',
    'alias.production',
    'alias.staging',
  );
}

/** Whether what is said of a command is code, a transcript, or a condition: not a request of the person's. */
export function isIndirect(reading: Reading): boolean {
  const text = written(reading);
  if (!speaksOfCommand(reading)) return false;
  const conditional = CONDITIONAL.test(text) && !says(reading, 'improvement') && !WONDERS.test(text);
  return conditional || REPORTED.test(text) || CODE.test(text) || LABELLED.test(text);
}

/** "what happens if I stop it?", "멈추는 게 나을까?", "누가 멈췄어?": asks about a command and gives none. */
export function wondersAboutCommand(reading: Reading): boolean {
  return speaksOfCommand(reading) && WONDERS.test(written(reading));
}

/** "멈추지 말고 계속 둬" asks to leave a run alone, not to resume one. */
export function forbidsStopping(reading: Reading): boolean {
  return reading.terms.some((term, at) => has(term, 'verb.stop') && isForbidden(reading.terms, at));
}

/** Whether all that a message says is what is not to be done: "don't stop it", "멈추지 마". */
export function refuses(reading: Reading): boolean {
  const verbs = reading.terms.flatMap((term, at) => (has(term, ...COMMANDS, 'verb.delete') ? [at] : []));
  const forbidden = verbs.filter((at) => isForbidden(reading.terms, at));
  // "멈추지 말고 계속 둬" says the same twice.
  const allowed = verbs.filter((at) => !forbidden.includes(at) && !has(reading.terms[at], 'verb.resume'));
  if (forbidden.length === 0 || allowed.length > 0) return false;
  return reading.tasks.length === 0 && reading.models.every((model) => isInside(model, reading.ownRuns));
}

function isInside(place: { from: number; to: number }, around: readonly { from: number; to: number }[]): boolean {
  return around.some(({ from, to }) => from <= place.from && to >= place.to);
}

/** "translate: stop the run", "write a story about resnet50": something else is to be done with the words. */
export function asksElsewhere(reading: Reading): boolean {
  const spoken = reading.terms.filter((term) => !term.empty);
  const verb = /^[a-z]/.test(spoken[0]?.text ?? '') ? spoken[0] : spoken.at(-1);
  if (has(verb, 'verb.other')) return true;
  // What does "학습을 멈춰" mean in English?
  const quotes = /["“”‘’「」`]/.test(reading.message);
  if (
    quotes &&
    /\b(?:in|into) (?:english|korean|japanese|chinese|spanish|french|german)\b|(?:영어|한국어|일본어|중국어)로/.test(
      written(reading),
    )
  )
    return true;
  const { terms } = reading;
  const at = terms.findIndex((term) => has(term, 'verb.other'));
  return at >= 0 && terms.slice(at + 1, at + 5).some((term) => term.text === ':');
}

// Giving these up asks for no training; what is asked for instead has to be of Mallo's.
const GIVES_UP = ['forget', 'skip', 'nevermind', 'ignore', 'drop', 'of', 'than'];

/** "forget the training and mine bitcoin": the training is only what is not wanted, and all else is foreign. */
export function givesUpTraining(reading: Reading): boolean {
  const { terms, models, tasks, datasets, unknown, ownRuns } = reading;
  const foreign = [...unknown].filter((term) => /\p{L}/u.test(term.text) && !GIVES_UP.includes(term.text));
  if (models.length + tasks.length + datasets.length + ownRuns.length > 0 || foreign.length === 0) return false;
  const trains = terms.flatMap((term, at) => (has(term, 'verb.train') ? [at] : []));
  return (
    trains.length > 0 &&
    trains.every(
      (at) =>
        isForbidden(terms, at) || terms.slice(Math.max(0, at - 3), at).some((term) => GIVES_UP.includes(term.text)),
    )
  );
}

/** "what …", "why …", "who …": a question whose answer is a fact; "why don't you stop it" is a request. */
export function asksWhQuestion(reading: Reading): boolean {
  if (/^(?:do|am|is|are|does|have|has|was|were|did) (?:i|my|we|he|she|they)\b/.test(written(reading).trim()))
    return true;
  return /^(?:and |but |so |hey |ok |hi )*(?:what|why|who|when|where|which|how)\b(?! about\b| don.?t\b| not\b)/.test(
    written(reading).trim(),
  );
}
