// What is asked of both registries, and how long they take.
import { fillMallo, fillMlflow, namesOf } from './fill.mjs';
import { load } from './load.mjs';
import { startPostgres } from './postgres.mjs';
import { startMallo, startMlflow } from './servers.mjs';

const SIZES = [2_000, 10_000];
const READS = 500;
/** JavaScript is compiled as it runs: what a server does in its first seconds is not what it does from then on. */
const WARM_UP = { requests: 500, ms: 5_000 };
const WRITERS = 50;
/** The servers take turns, so that whatever else the machine does is the same for both. */
const ROUNDS = 5;

/** @returns rows of `{ models, asked, Mallo, MLflow }`, each side with p50Ms and p99Ms, or perSecond */
export async function measure({ api, node, env, python }, tell) {
  const postgres = await startPostgres();
  const started = [];
  try {
    await postgres.create('mallo');
    await postgres.create('mlflow');
    const [mallo, mlflow] = [postgres.urlOf('mallo'), postgres.urlOf('mlflow')];
    const servers = [await startMallo({ api, node, env, url: mallo })];
    started.push(...servers);
    if (python) started.push(await startMlflow({ python, env, url: mlflow }));
    const [own, peer] = started;
    const rows = [];
    for (const [at, models] of SIZES.entries()) {
      const before = SIZES[at - 1] ?? 0;
      await fillMallo(mallo, own.projectId, before, models);
      if (peer) await fillMlflow(mlflow, before, models);
      // Spread over all models, each asked for once.
      const step = Math.floor(models / (READS + WARM_UP.requests));
      const names = await namesOf(
        mallo,
        Array.from({ length: READS + WARM_UP.requests }, (_, count) => (count + 1) * step),
      );
      for (const asked of ASKED) {
        rows.push({ models, asked: asked.title, ...(await inTurns(started, asked, names)) });
        tell(rows.at(-1));
      }
    }
    return rows;
  } finally {
    for (const server of started) await server.stop();
    await postgres.stop();
  }
}

/** Six letters out of the middle of a name: hardly any other has them. */
const partOf = (name) => name.slice(-20, -14);
const query = (path, values) => `${path}?${new URLSearchParams(values)}`;

const registration = (name) => ({
  name,
  run: 'run_b',
  bump: 'minor',
  framework: 'pytorch',
  architecture: 'resnet50',
  taskType: 'classification',
  metrics: { val_accuracy: 0.9 },
  key: crypto.randomUUID(),
});

const ASKED = [
  {
    title: 'search, one hit',
    connections: 1,
    count: READS,
    Mallo: ({ projectId }, name) => ({
      path: query(`/api/v1/projects/${projectId}/models`, { search: partOf(name), limit: 100 }),
    }),
    MLflow: (_, name) => {
      const filter = `name ILIKE '%${partOf(name)}%'`;
      return { path: query('/api/2.0/mlflow/registered-models/search', { filter, max_results: 100 }) };
    },
  },
  {
    title: 'page of 100',
    connections: 1,
    count: READS,
    Mallo: ({ projectId }) => ({ path: query(`/api/v1/projects/${projectId}/models`, { limit: 100 }) }),
    MLflow: () => ({ path: query('/api/2.0/mlflow/registered-models/search', { max_results: 100 }) }),
  },
  {
    title: 'get by alias',
    connections: 1,
    count: READS,
    Mallo: (_, name) => ({
      path: query('/api/v1/models/resolve', { uri: `mallo://models/${encodeURIComponent(name)}@champion` }),
    }),
    MLflow: (_, name) => ({ path: query('/api/2.0/mlflow/registered-models/alias', { name, alias: 'champion' }) }),
  },
  {
    title: `versions, ${WRITERS} at once`,
    connections: WRITERS,
    count: 1_000,
    Mallo: ({ projectId }, name) => ({
      method: 'POST',
      path: `/api/v1/projects/${projectId}/models/register`,
      body: registration(name),
    }),
    MLflow: (_, name) => ({
      method: 'POST',
      path: '/api/2.0/mlflow/model-versions/create',
      body: { name, source: 's3://models/again', tags: [{ key: 'val_accuracy', value: '0.9' }] },
    }),
  },
];

/** How long each server takes for the same, one share of it after the other. */
async function inTurns(servers, asked, names) {
  const sent = Object.fromEntries(servers.map(({ name }) => [name, 0]));
  const send = (server, count) => {
    const first = sent[server.name];
    sent[server.name] += count;
    const requests = Array.from({ length: count }, (_, at) => ({
      method: 'GET',
      headers: server.headers,
      ...asked[server.name](server, names[(first + at) % names.length]),
    }));
    return load(server, asked.connections, requests);
  };
  const measured = Object.fromEntries(servers.map(({ name }) => [name, { seconds: 0, latenciesMs: [] }]));
  for (const server of servers) {
    const began = performance.now();
    do await send(server, WARM_UP.requests);
    while (performance.now() - began < WARM_UP.ms);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const server of servers) {
      const { seconds, latenciesMs } = await send(server, asked.count / ROUNDS);
      measured[server.name].seconds += seconds;
      measured[server.name].latenciesMs.push(...latenciesMs);
    }
  }
  return Object.fromEntries(
    Object.entries(measured).map(([name, { seconds, latenciesMs }]) => {
      const sorted = latenciesMs.toSorted((a, b) => a - b);
      return [name, { p50Ms: at(sorted, 0.5), p99Ms: at(sorted, 0.99), perSecond: asked.count / seconds }];
    }),
  );
}

function at(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
