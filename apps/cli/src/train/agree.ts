import { randomUUID } from 'node:crypto';
import type { Client } from '@mallo/client';
import {
  type ConfigCard,
  conversationRoutes,
  datasetRoutes,
  type Locale,
  type Message,
  type MessagePart,
  type Project,
  projectRoutes,
  SampleKind,
} from '@mallo/contracts';
import { ask, canAsk, choose } from './ask.js';
import { words } from './words.js';

/** A config that was understood, with the text that was; or only words, which ended the conversation. */
export type Agreement =
  | { card: ConfigCard; message: string }
  | { card: null; why: 'answered' | 'needs_answer' | 'refused' | 'interrupted' };

/** Talks about a sentence until there is a config, asking the person where something must be known. */
export async function agreeOn(client: Client, sentence: string, locale: Locale): Promise<Agreement> {
  const project = await defaultProject(client, locale);
  const params = { projectId: project.id };
  const datasets = await client.call(datasetRoutes.list, { params });
  for (const kind of SampleKind.options) {
    const isNamed = new RegExp(`\\b${kind}\\b`, 'i').test(sentence);
    const isThere = datasets.some(({ name }) => name.toLowerCase() === kind);
    if (isNamed && !isThere) await makeSample(client, project.id, kind, locale);
  }
  const { id: conversationId } = await client.call(conversationRoutes.create, { params });

  let text = sentence;
  for (;;) {
    const body = { text, clientId: randomUUID() };
    const answer = await client.call(conversationRoutes.send, { params: { conversationId }, body });
    const reply = answer.messages.findLast(({ role }) => role === 'assistant');
    const [card] = answer.configs;
    if (card) return { card, message: textOf(answer.messages, card.messageId) ?? text };
    if (!reply) return { card: null, why: 'answered' };

    const questions = reply.parts.flatMap((part) => (part.type === 'questions' ? part.questions : []));
    const wantsDataset = reply.parts.some((part) => part.type === 'actions' && part.actions.includes('sample_dataset'));
    const note = reply.parts.find((part) => part.type === 'engine')?.note;
    if (note) console.log(note[locale]);
    if (questions.length === 0 && !wantsDataset) {
      console.log(reply.text);
      if (reply.parts.some(isProblem)) return { card: null, why: 'refused' };
      if (reply.parts.some((part) => part.type === 'confirm')) return confirm(client, conversationId, reply.id, locale);
      // Words alone: it was not understood as anything that can be done.
      return { card: null, why: reply.parts.some((part) => part.type !== 'engine') ? 'answered' : 'needs_answer' };
    }
    if (!canAsk()) {
      console.log(wantsDataset ? reply.text : questions.map(plainQuestion).join('\n'));
      return { card: null, why: 'needs_answer' };
    }
    const answers: string[] = [];
    for (const { question, options } of questions) {
      const given = await choose(question, options, words.answer(options.length)[locale]);
      if (given === null) return { card: null, why: 'interrupted' };
      answers.push(given);
    }
    if (wantsDataset) {
      const kinds = SampleKind.options;
      const given = await choose(`${reply.text}\n${words.chooseSample()[locale]}`, kinds, words.answer(2)[locale]);
      if (given === null) return { card: null, why: 'interrupted' };
      const kind = SampleKind.safeParse(given);
      if (kind.success) await makeSample(client, project.id, kind.data, locale);
      answers.push(given);
    }
    text = answers.join(', ');
  }
}

/** Lets the person decide about a command that was only described so far. */
async function confirm(client: Client, conversationId: string, messageId: string, locale: Locale): Promise<Agreement> {
  if (!canAsk()) return { card: null, why: 'needs_answer' };
  const given = await ask(words.confirm()[locale]);
  if (given === null) return { card: null, why: 'interrupted' };
  if (/^(y|yes|예|네|응)$/i.test(given)) {
    const done = await client.call(conversationRoutes.confirm, { params: { conversationId, messageId } });
    for (const message of done.messages) console.log(message.text);
  }
  return { card: null, why: 'answered' };
}

/** The project of whoever names none. */
export async function defaultProject(client: Client, locale: Locale): Promise<Project> {
  const [oldest] = await client.call(projectRoutes.list);
  return oldest ?? client.call(projectRoutes.create, { body: { name: words.projectName()[locale] } });
}

async function makeSample(client: Client, projectId: string, kind: SampleKind, locale: Locale): Promise<void> {
  console.log(words.makingSample(kind)[locale]);
  const { version } = await client.call(datasetRoutes.createSample, { params: { projectId }, body: { kind } });
  console.log(words.madeSample(kind, version.imageCount, version.classes.length)[locale]);
}

function textOf(messages: Message[], id: string): string | undefined {
  return messages.find((message) => message.id === id)?.text;
}

function isProblem(part: MessagePart): boolean {
  return part.type === 'problem';
}

function plainQuestion({ question, options }: { question: string; options: string[] }): string {
  return [question, ...options.map((option) => `  - ${option}`)].join('\n');
}
