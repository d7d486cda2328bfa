import type {} from '@mallo/backend/testing/global-setup';
import { liveRoutes } from '@mallo/contracts';
import pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { Connection, RunGoneError } from './connection.js';
import { RunFolder } from './run-folder.js';
import { makeRun, type RunUnderTest, type Service, telemetryService } from './testing/run.js';

let telemetry: Service;
let url: string;
let run: RunUnderTest;

beforeEach(async () => {
  telemetry = telemetryService(inject('databaseUrl'));
  url = await telemetry.start();
  run = await makeRun();
  await run.connect(url, url);
});
afterEach(async () => {
  await telemetry.end('SIGKILL');
  await run.remove();
});

function askPosition(connection: Connection): Promise<number> {
  return connection.request('position', async ({ runId, telemetry }) => {
    return (await telemetry.call(liveRoutes.position, { params: { runId, writer: 'stdout' } })).position;
  });
}

async function forget(): Promise<void> {
  const database = new pg.Client(inject('databaseUrl'));
  await database.connect();
  await database.query('delete from telemetry.runs where run_id = $1', [run.runId]);
  await database.end();
}

test('gives up a run that stays unknown', async () => {
  await forget();
  const connection = new Connection(new RunFolder(run.path), pino({ level: 'silent' }), 300);
  await expect(askPosition(connection)).rejects.toBeInstanceOf(RunGoneError);
});

test('bears with a run that is not known yet', async () => {
  await forget();
  const connection = new Connection(new RunFolder(run.path), pino({ level: 'silent' }), 30_000);
  const asked = askPosition(connection);
  await run.connect(url, url);
  expect(await asked).toBe(0);
});
