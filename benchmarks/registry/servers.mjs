// The two registries on one PostgreSQL, each as it is started for use.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, sql } from './postgres.mjs';

const NOWHERE = 'http://127.0.0.1:9';
/** With which the parts that are measured sign and check. */
export const SECRET = 'only for a measurement, but long enough to be one';
/** It imports itself once a worker, which takes a minute and more where others are at work. */
const START_LIMIT_MS = 600_000;

/** What was learned by the run whose files are registered. */
export const CONFIG = {
  taskType: 'classification',
  model: { source: 'timm', name: 'resnet50' },
  dataset: { id: 'dst_b', versionId: 'dsv_b', name: 'cats' },
  classNames: ['cat', 'dog'],
  hyperparameters: {
    epochs: 10,
    batchSize: 32,
    learningRate: 0.001,
    optimizer: 'adamw',
    scheduler: 'cosine',
    weightDecay: 0.01,
    momentum: 0.9,
    dropout: 0,
    labelSmoothing: 0,
    freezeBackbone: false,
    imageSize: 224,
    augmentation: 'light',
    pretrained: true,
    earlyStoppingPatience: null,
    seed: 42,
    precision: 'fp32',
    warmupEpochs: 0,
    validationSplit: 0.2,
  },
  resources: {},
};

/** A part of Mallo on a free port, as it is started for use. */
export async function startPart(main, { node, env, url, settings }) {
  const child = fork(main, {
    execPath: node,
    env: {
      ...env,
      NODE_ENV: 'production',
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      DATABASE_URL: url,
      MALLO_URL: NOWHERE,
      MALLO_JWT_SECRET: SECRET,
      ...settings,
    },
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${main} ended with ${code} before it listened`);
  });
  const [{ port }] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  return { child, port };
}

/** Mallo's api, an owner, a project, and a run that left two files. */
export async function startMallo({ api, node, env, url }) {
  const home = await mkdtemp(join(tmpdir(), 'mallo-benchmark-home-'));
  const settings = {
    MALLO_HOME: home,
    INTENT_PARSER_URL: NOWHERE,
    TELEMETRY_URL: NOWHERE,
    TRAINER_FOLDER: home,
    SIDECAR_MAIN: join(home, 'none.js'),
  };
  const { child, port } = await startPart(api, { node, env, url, settings });
  const call = async (method, path, body, token) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const owner = { email: 'owner@example.com', password: 'correct horse battery', name: 'Owner', session: 'token' };
  const { accessToken } = await call('POST', '/api/v1/auth/register', owner);
  const { id: projectId } = await call('POST', '/api/v1/projects', { name: 'Benchmark' }, accessToken);
  await addRun(url, projectId);
  return {
    name: 'Mallo',
    pid: child.pid,
    port,
    projectId,
    headers: { authorization: `Bearer ${accessToken}` },
    stop: async () => {
      child.kill();
      await once(child, 'exit');
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function addRun(url, projectId) {
  const config = JSON.stringify(CONFIG);
  await sql(
    url,
    ['SET search_path = mallo'],
    [`INSERT INTO conversations (id, project_id, title) VALUES ('cnv_b', '${projectId}', '')`],
    [
      `INSERT INTO training_configs (id, conversation_id, message_id, config, origin, hash)
       VALUES ('cfg_b', 'cnv_b', 'msg_b', $1, '{}', $2)`,
      [config, 'a'.repeat(64)],
    ],
    [
      `INSERT INTO datasets (id, project_id, name, task_type) VALUES ('dst_b', '${projectId}', 'cats', 'classification')`,
    ],
    [
      `INSERT INTO dataset_versions (id, dataset_id, number, image_count, size_bytes, sha256, classes, problems,
         problem_counts, median_width, median_height)
       VALUES ('dsv_b', 'dst_b', 1, 100, 1000, $1, '[]', '[]', '{}', 8, 8)`,
      ['b'.repeat(64)],
    ],
    [
      `INSERT INTO runs (id, project_id, conversation_id, config_id, dataset_version_id, name, status, config, config_hash, locale)
       VALUES ('run_b', '${projectId}', 'cnv_b', 'cfg_b', 'dsv_b', 'cats-resnet50', 'completed', $1, $2, 'en')`,
      [config, 'a'.repeat(64)],
    ],
    [
      `INSERT INTO run_artifacts (run_id, name, sha256, size_bytes)
       VALUES ('run_b', 'model.onnx', $1, 1000), ('run_b', 'metrics.json', $2, 1000)`,
      ['c'.repeat(64), 'd'.repeat(64)],
    ],
  );
}

/**
 * `mlflow server` with its defaults, four workers of uvicorn; without its runner of jobs, which has none to run here.
 * @param more options of the server
 */
export async function startMlflow({ python, url, env, more = [] }) {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'mallo-benchmark-mlflow-'));
  const store = url.replace('postgresql:', 'postgresql+psycopg2:');
  const args = ['-m', 'mlflow', 'server', '--backend-store-uri', store, '--artifacts-destination', folder];
  const child = spawn(python, [...args, '--host', '127.0.0.1', '--port', String(port), ...more], {
    env: {
      ...env,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      DO_NOT_TRACK: 'true',
    },
    cwd: folder,
    stdio: 'ignore',
    // Its workers are ended with it.
    detached: true,
  });
  const stop = async () => {
    const ended = child.exitCode === null ? once(child, 'exit') : undefined;
    endGroup(child.pid, 'SIGTERM');
    await Promise.race([ended, delay(10_000)]);
    endGroup(child.pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  const until = Date.now() + START_LIMIT_MS;
  for (let answers = false; !answers; ) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error('mlflow server did not start');
    }
    await delay(500);
    answers = await fetch(`http://127.0.0.1:${port}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
  return {
    name: 'MLflow',
    port,
    headers: {},
    stop,
  };
}

/** Ends a process and all that it started; nothing where they have ended. */
function endGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
