import { z } from 'zod';
import { ConfigCard } from './configs.js';
import { Problem } from './errors.js';
import { Id, Timestamp } from './identity.js';
import { Question } from './parse.js';
import { ProjectParams } from './projects.js';
import { route } from './route.js';
import { ModelRef, RunSummary } from './runs.js';

/** What an assistant's message carries beside its text. */
export const MessagePart = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('config'), configId: Id }),
  z.strictObject({ type: z.literal('questions'), questions: z.array(Question) }),
  /** A training was started: the place of its progress. */
  z.strictObject({ type: z.literal('run'), runId: Id }),
  z.strictObject({ type: z.literal('result'), runId: Id, valAccuracy: z.number(), model: ModelRef }),
  z.strictObject({ type: z.literal('runs'), runs: z.array(RunSummary) }),
  /** A command that ends or changes something: carried out only when the person confirms this message. */
  z.strictObject({ type: z.literal('confirm'), command: z.strictObject({ kind: z.literal('stop'), run: Id }) }),
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

export const Conversation = z.strictObject({
  id: Id,
  projectId: Id,
  title: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Conversation = z.infer<typeof Conversation>;

const ConversationParams = z.strictObject({ conversationId: Id });

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
    body: z.strictObject({
      text: z.string().trim().min(1),
      /** Made by the sender, so that a repeat after a lost answer says nothing twice. */
      clientId: z.string().min(8).max(64),
    }),
    response: z.strictObject({ messages: z.array(Message), configs: z.array(ConfigCard) }),
    errors: ['conversation.not_found', 'conversation.message_too_long', 'server.unavailable'],
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
