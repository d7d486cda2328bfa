import { conceptsByForm, formKey } from './lexicon.js';

// What a person quotes or pastes is not what they ask for.
const FENCED = /```[\s\S]*?(?:```|$)/g;
const QUOTED =
  /"([^"\n]{2,400})"|“([^”\n]{2,400})”|‘([^’\n]{2,400})’|「([^」\n]{2,400})」|『([^』\n]{2,400})』|«([^»\n]{2,400})»|`([^`\n]{2,400})`|(?<![^\s(:,])'([^'\n]{2,400})'(?![^\s).,!?:;])/g;
const PASTED_LINE =
  /^\s*(?:[$#>%]\s|>>>|\[?\d{4}-\d\d-\d\d|\[?\d\d:\d\d:\d\d|\[(?:info|warn|warning|error|debug)\]|(?:info|warn|warning|error|debug|fatal|critical)\b\s*[:|]|traceback\b|file "|import \w|from \w+ import|def \w+\(|class \w+[:(]|(?:await|const|let|var|return)\s|[\w.]+\([^)]*\)\s*;?\s*$|[}{]\s*$|(?:user|assistant|system|human|ai|사용자|시스템)\s*:)/i;

const CHANGES_SOMETHING = new Set([
  'verb.stop',
  'verb.promote',
  'verb.rollback',
  'verb.resume',
  'verb.delete',
  'verb.quantize',
  'hostile',
]);

/** Whether some words, of which one may be a Korean verb with its endings, hold one that changes something. */
function holdsCommand(text: string): boolean {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.some((word, at) => {
    const starts = [...word].map((_, i) => word.slice(0, i + 1)).filter((start) => start.length > 1 || start === word);
    const forms = /^[가-힣]/.test(word) ? starts : [word, formKey(`${word} ${words[at + 1] ?? ''}`)];
    return forms.some((form) => conceptsByForm.get(form)?.some((concept) => CHANGES_SOMETHING.has(concept)));
  });
}

const blank = (text: string) => text.replace(/[^\n]/g, ' ');

/**
 * A message without the commands in it that are quoted or pasted (code, logs, a chat's transcript), blanks in their
 * place so that offsets stay. Quoted names and values stay.
 */
export function spokenPart(message: string): string {
  let spoken = message.replace(FENCED, (whole) => (holdsCommand(whole) ? blank(whole) : whole));
  spoken = spoken.replace(QUOTED, (whole) => (holdsCommand(whole) ? blank(whole) : whole));
  if (!spoken.includes('\n') && !PASTED_LINE.test(spoken)) return spoken;
  return spoken
    .split('\n')
    .map((line) => (PASTED_LINE.test(line) && holdsCommand(line) ? blank(line) : line))
    .join('\n');
}
