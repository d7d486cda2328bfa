import { createLogger } from '@mallo/backend';
import { ErrorBody, ParseResponse } from '@mallo/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParser } from '../service.js';

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await createParser(createLogger('test', 'error'), 'http://127.0.0.1:1');
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(() => app.close());

const post = (payload: string, type = 'application/json') =>
  app.inject({ method: 'POST', url: '/v1/parse', headers: { 'content-type': type }, payload });

describe('POST /v1/parse', () => {
  it('answers without a token, in the form of the contract', async () => {
    const answer = await post(JSON.stringify({ message: 'train resnet18 on digits, 3 epochs', engine: 'rules' }));
    expect(answer.statusCode).toBe(200);
    expect(ParseResponse.parse(answer.json())).toMatchObject({
      status: 'needs_clarification',
      intent: { modelName: 'resnet18', hyperparameters: { epochs: 3 } },
    });
  });

  it('answers an empty message as out of scope', async () => {
    expect((await post('{"message":""}')).json()).toMatchObject({ status: 'out_of_scope' });
  });

  it('refuses a message of a megabyte with its own sentence', async () => {
    const answer = await post(JSON.stringify({ message: '가'.repeat(1_000_000) }));
    expect(answer.statusCode).toBe(413);
    expect(ErrorBody.parse(answer.json()).error).toMatchObject({ code: 'conversation.message_too_long' });
  });

  it.each([
    ['nothing', '{}'],
    ['no JSON', '{"message":'],
    ['a number for the message', '{"message":5}'],
    ['a list', '[1]'],
    ['an unknown engine', '{"message":"hi","engine":"magic"}'],
    ['an unknown key', '{"message":"hi","tools":[]}'],
    ['datasets that are no list', '{"message":"hi","context":{"datasets":"x"}}'],
  ])('refuses %s with a code and a sentence', async (_, body) => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(400);
    expect(ErrorBody.parse(answer.json()).error.code).toBe('request.invalid');
  });

  it('refuses a body that is not JSON', async () => {
    expect((await post('hello', 'text/plain')).statusCode).toBe(400);
  });

  it('says so where an engine is asked for that is not set up', async () => {
    const answer = await post('{"message":"hi","engine":"llm"}');
    expect(answer.statusCode).toBe(503);
    expect(ErrorBody.parse(answer.json()).error.code).toBe('parser.engine_unavailable');
  });
});

describe('GET /v1/health', () => {
  it('answers', async () => {
    expect((await app.inject({ url: '/v1/health' })).json()).toEqual({ status: 'ok' });
  });
});
