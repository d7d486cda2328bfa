import { z } from 'zod';
import { ConfigCard } from './configs.js';
import { Problem } from './errors.js';
import { Id, Timestamp } from './identity.js';
import { EngineNote, LlmUsage, ParseEngine, Question } from './parse.js';
import { ProjectParams } from './projects.js';
import { route } from './route.js';
import { ModelRef, RunSummary } from './runs.js';

/** Where a figure in an answer can be seen. */
export const AnswerSource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run'),
    runId: Id,
    name: z.string(),
    /** Of the curve and its step, where it is a point of one. */
    key: z.string().nullable(),
    step: z.int().nullable(),
  }),
  z.strictObject({ kind: z.literal('model'), modelId: Id, name: z.string(), version: z.string() }),
  z.strictObject({ kind: z.literal('dataset'), datasetId: Id, name: z.string() }),
  z.strictObject({ kind: z.literal('page'), url: z.url(), title: z.string() }),
]);
export type AnswerSource = z.infer<typeof AnswerSource>;

/** A sentence of an answer. Every figure in it is a link; `span` holds UTF-16 offsets into `text`. */
export const AnswerSentence = z.strictObject({
  text: z.string(),
  links: z.array(z.strictObject({ span: z.tuple([z.int().min(0), z.int().min(0)]), source: AnswerSource })),
});
export type AnswerSentence = z.infer<typeof AnswerSentence>;

/** What an assistant's message carries beside its text. */
export const MessagePart = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('config'), configId: Id }),
  z.strictObject({ type: z.literal('questions'), questions: z.array(Question) }),
  /** A training was started: the place of its progress. */
  z.strictObject({ type: z.literal('run'), runId: Id }),
  z.strictObject({ type: z.literal('result'), runId: Id, valAccuracy: z.number(), model: ModelRef }),
  z.strictObject({ type: z.literal('runs'), runs: z.array(RunSummary) }),
  /** The message's text, sentence by sentence, with its sources; without a link anywhere it has none, and says so. */
  z.strictObject({ type: z.literal('answer'), sentences: z.array(AnswerSentence) }),
  /** Who understood the message, or why the grammar did although a language model was to. */
  z.strictObject({
    type: z.literal('engine'),
    engine: ParseEngine,
    note: EngineNote.nullable(),
    usage: LlmUsage.nullable(),
  }),
  /** A command that ends or changes something: carried out only when the person confirms this message. */
  z.strictObject({
    type: z.literal('confirm'),
    command: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('stop'), run: Id }),
      z.strictObject({ kind: z.literal('promote'), model: Id, version: z.string(), alias: z.string() }),
      z.strictObject({ kind: z.literal('rollback'), model: Id, from: z.string() }),
    ]),
  }),
  z.strictObject({ type: z.literal('problem'), problem: Problem }),
  /** Buttons that do something in the page, such as making a sample dataset. */
  z.strictObject({ type: z.literal('actions'), actions: z.array(z.enum(['upload_dataset', 'sample_dataset'])) }),
]);
export type MessagePart = z.infer<typeof MessagePart>;

export const Message = z.strictObject({
  id: Id,
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  parts: z.array(MessagePart),
  createdAt: Timestamp,
});
export type Message = z.infer<typeof Message>;

/** What was said until a training was started, as it stays with the model whatever becomes of the conversation. */
export const Transcript = z.strictObject({
  conversationId: Id,
  turns: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), text: z.string(), createdAt: Timestamp })),
  /** The turn whose words became the config. */
  configTurn: z.int(),
  /** Of the config as it was understood, and as it was started after the changes by hand. */
  understoodHash: z.string(),
  startedHash: z.string(),
  edits: z.array(z.string()),
});
export type Transcript = z.infer<typeof Transcript>;

export const Conversation = z.strictObject({
  id: Id,
  projectId: Id,
  title: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Conversation = z.infer<typeof Conversation>;

/** What comes back while a message is answered, a line each; the last is `done` or `problem`. */
export const ChatLine = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sentence'), sentence: AnswerSentence }),
  z.strictObject({ type: z.literal('done'), messages: z.array(Message), configs: z.array(ConfigCard) }),
  z.strictObject({ type: z.literal('problem'), problem: Problem }),
]);
export type ChatLine = z.infer<typeof ChatLine>;

const ConversationParams = z.strictObject({ conversationId: Id });

const Said = z.strictObject({
  text: z.string().trim().min(1),
  /** Made by the sender, so that a repeat after a lost answer says nothing twice. */
  clientId: z.string().min(8).max(64),
});

export const conversationRoutes = {
  list: route({
    method: 'GET',
    path: '/api/v1/projects/:projectId/conversations',
    summary: "A project's conversations, the latest first",
    access: 'user',
    params: ProjectParams,
    response: z.array(Conversation),
    errors: ['project.not_found'],
  }),
  create: route({
    method: 'POST',
    path: '/api/v1/projects/:projectId/conversations',
    summary: 'Begin a conversation',
    access: 'user',
    params: ProjectParams,
    response: Conversation,
    errors: ['project.not_found'],
  }),
  get: route({
    method: 'GET',
    path: '/api/v1/conversations/:conversationId',
    summary: 'A conversation with its messages and the config cards they show',
    access: 'user',
    params: ConversationParams,
    response: Conversation.extend({ messages: z.array(Message), configs: z.array(ConfigCard) }),
    errors: ['conversation.not_found'],
  }),
  send: route({
    method: 'POST',
    path: '/api/v1/conversations/:conversationId/messages',
    summary: 'Say something; the same clientId again answers what was answered',
    access: 'user',
    params: ConversationParams,
    body: Said,
    response: z.strictObject({ messages: z.array(Message), configs: z.array(ConfigCard) }),
    errors: ['conversation.not_found', 'conversation.message_too_long', 'server.unavailable'],
  }),
  stream: route({
    method: 'POST',
    path: '/api/v1/conversations/:conversationId/messages/stream',
    summary: 'As `send`, with the answer as it is written: NDJSON of ChatLine',
    access: 'user',
    params: ConversationParams,
    body: Said,
    response: 'stream',
    errors: ['conversation.not_found', 'conversation.message_too_long', 'server.unavailable'],
  }),
  replay: route({
    method: 'POST',
    path: '/api/v1/conversations/:conversationId/replay',
    summary: 'Understand the messages anew and compare each config with the one that was made; changes nothing',
    access: 'user',
    params: ConversationParams,
    response: z.strictObject({
      configs: z.array(
        z.strictObject({
          configId: Id,
          understoodHash: z.string(),
          /** Null when the message is no longer understood as a training. */
          replayedHash: z.string().nullable(),
        }),
      ),
    }),
    errors: ['conversation.not_found', 'server.unavailable'],
  }),
  confirm: route({
    method: 'POST',
    path: '/api/v1/conversations/:conversationId/messages/:messageId/confirm',
    summary: 'Carry out the command that a message asks to confirm; again answers what was answered',
    access: 'user',
    params: ConversationParams.extend({ messageId: Id }),
    response: z.strictObject({ messages: z.array(Message), configs: z.array(ConfigCard) }),
    errors: ['conversation.not_found', 'request.not_found'],
  }),
};
