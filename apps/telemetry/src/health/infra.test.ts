import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {} from '@mallo/backend/testing/global-setup';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { hasProgram } from '../testing/programs.js';
import { makePrometheus, queryPrometheus } from '../testing/prometheus.js';
import { logLine, openRun, send, startTelemetry, type Telemetry } from '../testing/telemetry.js';

const INFRA = fileURLToPath(new URL('../../../../infra', import.meta.url));
const NOWHERE = '127.0.0.1:9';
/** What an api has, which is not started here; its own tests look for these. */
const OF_API = /^mallo_api_/;

const Datasource = z.strictObject({ type: z.literal('prometheus'), uid: z.literal('$' + '{datasource}') });
/** Of Grafana's dashboard model what these dashboards use; anything else is a mistake. */
const Panel = z.strictObject({
  id: z.int().positive(),
  type: z.enum(['row', 'timeseries', 'stat']),
  title: z.string().min(1),
  description: z.string().optional(),
  collapsed: z.boolean().optional(),
  panels: z.array(z.never()).optional(),
  datasource: Datasource.optional(),
  gridPos: z.strictObject({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1).max(24), h: z.int().min(1) }),
  targets: z
    .array(
      z.strictObject({
        datasource: Datasource,
        refId: z.string().regex(/^[A-Z]$/),
        expr: z.string().min(1),
        legendFormat: z.string().min(1),
        editorMode: z.literal('code'),
        range: z.literal(true),
      }),
    )
    .optional(),
  fieldConfig: z
    .strictObject({ defaults: z.looseObject({ unit: z.string() }), overrides: z.array(z.never()) })
    .optional(),
  options: z.looseObject({}).optional(),
});
const Dashboard = z.looseObject({
  uid: z.string().regex(/^[\w-]{1,40}$/),
  title: z.string().min(1),
  schemaVersion: z.int().min(36),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  templating: z.strictObject({ list: z.array(z.looseObject({ name: z.string(), type: z.string() })) }),
  panels: z.array(Panel),
});
const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.strictObject({ summary: z.string() }),
        }),
      ),
    }),
  ),
});

async function dashboards() {
  const folder = join(INFRA, 'grafana', 'dashboards');
  return Promise.all(
    (await readdir(folder)).map(async (file) => ({
      file,
      dashboard: Dashboard.parse(JSON.parse(await readFile(join(folder, file), 'utf8'))),
    })),
  );
}

async function expressions(): Promise<string[]> {
  const panels = (await dashboards()).flatMap(({ dashboard }) => dashboard.panels);
  const rules = Rules.parse(parse(await readFile(join(INFRA, 'prometheus', 'mallo.rules.yml'), 'utf8')));
  return [
    ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m'))),
    ...rules.groups.flatMap((group) => group.rules.map(({ expr }) => expr)),
  ];
}

let telemetry: Telemetry;
beforeAll(async () => {
  // So that it has all figures it can have.
  telemetry = await startTelemetry(inject('databaseUrl'), {
    REDIS_URL: `redis://${NOWHERE}`,
    MALLO_REMOTE_WRITE_URL: `http://${NOWHERE}`,
  });
  const run = await openRun(telemetry);
  await send(run, 'stdout', 0, [logLine('a')]);
});
afterAll(() => telemetry.close());

test('dashboards are what Grafana reads: panels with ids of their own, none on top of another', async () => {
  const all = await dashboards();
  expect(all.map(({ file }) => file)).toEqual(['overview.json', 'telemetry.json']);
  expect(new Set(all.map(({ dashboard }) => dashboard.uid)).size).toBe(all.length);
  for (const { dashboard } of all) {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { gridPos, type, targets } of panels) {
      expect(Boolean(targets?.length)).toBe(type !== 'row');
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x} ${y}`)).toBe(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
  }
});

test('every figure that a dashboard or an alert names is one that the services have', async () => {
  const text = await (await fetch(`${telemetry.url}/metrics`)).text();
  const there = new Set([...text.matchAll(/^(\w+)(?=[ {])/gm)].map(([name]) => name));
  const all = await expressions();
  const named = all.map((expr) => [...expr.matchAll(/\b(?:mallo|process|nodejs)_\w+|\bup\b/g)].map(([name]) => name));
  expect(named.filter((names) => names.length === 0)).toEqual([]);
  const missing = named.flat().filter((name) => name !== 'up' && !OF_API.test(name) && !there.has(name));
  expect(missing).toEqual([]);
});

describe.skipIf(!hasProgram('prometheus'))('in a real Prometheus (needs prometheus)', () => {
  test('the rules are right, as promtool says', () => {
    const { status, stdout } = spawnSync('promtool', ['check', 'rules', join(INFRA, 'prometheus', 'mallo.rules.yml')]);
    expect([status, String(stdout)]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  test('the configuration finds Mallo by the file that it writes, and every expression can be asked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mallo-prometheus-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const config = await readFile(join(INFRA, 'prometheus', 'prometheus.yml'), 'utf8');
    await writeFile(join(folder, 'prometheus.yml'), config.replaceAll('/var/lib/mallo/', `${folder}/`));
    await writeFile(
      join(folder, 'mallo.rules.yml'),
      await readFile(join(INFRA, 'prometheus', 'mallo.rules.yml'), 'utf8'),
    );
    const targets = [{ targets: [new URL(telemetry.url).host], labels: { job: 'mallo-telemetry' } }];
    await writeFile(join(folder, 'prometheus.json'), JSON.stringify(targets));
    const prometheus = await makePrometheus(join(folder, 'prometheus.yml'));
    onTestFinished(() => prometheus.close());
    prometheus.start();
    const up = () => queryPrometheus(prometheus, 'up{job="mallo-telemetry"} == 1');
    await vi.waitFor(async () => expect(await up()).toHaveLength(1), 60_000);
    for (const expr of await expressions()) await queryPrometheus(prometheus, expr);
    const gauges = await queryPrometheus(prometheus, 'mallo_telemetry_redis_up');
    expect(gauges.map(({ value }) => value[1])).toEqual(['0']);
  });
});
