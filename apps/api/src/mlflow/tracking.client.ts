import { MalloError, MlflowError, MlflowLoggedModel, MlflowRun } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { SETTINGS, type Settings } from '../settings.js';

const TIMEOUT_MS = 10_000;

const RunAnswer = z.object({ run: MlflowRun });
const LoggedModelAnswer = z.object({ model: MlflowLoggedModel });
const LoggedModelsAnswer = z.object({ models: z.array(MlflowLoggedModel).default([]) });
/** A run logs a model a checkpoint at the most. */
const MOST_MODELS = 1_000;

/** The tag under which a logged model names the versions that were made of it, as JSON. */
const MADE_OF_IT = 'mlflow.modelVersions';
const Versions = z
  .string()
  .transform((text): unknown => readJson(text))
  .pipe(z.array(z.object({ name: z.string(), version: z.coerce.number().int() })));

/** What is kept of a run or a logged model where it was logged. */
export type Tracked = {
  artifactUri: string;
  /** The run that it is, or that logged it; none: an empty text. */
  runId: string;
  metrics: Record<string, number>;
  params: Record<string, string>;
  tags: Record<string, string>;
};

export type TrackedRun = Tracked & { experimentId: string };

/** Asks telemetry, in MLflow's dialect and with the caller's own token, of what the registry is told about. */
@Injectable()
export class TrackingClient {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Null when the caller has no such run. @throws MalloError server.unavailable */
  async run(authorization: string, runId: string): Promise<TrackedRun | null> {
    const body = await this.ask(authorization, 'GET', `runs/get?run_id=${encodeURIComponent(runId)}`);
    if (body === null) return null;
    const { info, data } = RunAnswer.parse(body).run;
    return {
      artifactUri: info.artifact_uri,
      experimentId: info.experiment_id,
      runId: info.run_id,
      metrics: figuresOf(data.metrics),
      params: textsOf(data.params),
      tags: textsOf(data.tags),
    };
  }

  /** The models that a run logged, the newest first. @throws MalloError server.unavailable */
  async modelsOf(authorization: string, { runId, experimentId }: TrackedRun) {
    const body = await this.ask(authorization, 'POST', 'logged-models/search', {
      experiment_ids: [experimentId],
      filter: `source_run_id = '${runId}'`,
      max_results: MOST_MODELS,
    });
    const { models } = LoggedModelsAnswer.parse(body ?? {});
    return models.map(({ info: { model_id: id, name, artifact_uri: artifactUri } }) => ({ id, name, artifactUri }));
  }

  /** Null when the caller has no such logged model. @throws MalloError server.unavailable */
  async loggedModel(authorization: string, modelId: string): Promise<Tracked | null> {
    const body = await this.ask(authorization, 'GET', `logged-models/${encodeURIComponent(modelId)}`);
    if (body === null) return null;
    const { info, data } = LoggedModelAnswer.parse(body).model;
    return {
      artifactUri: info.artifact_uri,
      runId: info.source_run_id,
      metrics: figuresOf(data.metrics),
      params: textsOf(data.params),
      tags: textsOf(info.tags),
    };
  }

  /** Notes on a logged model which version of a registered one was made of it, as MLflow does. @throws MalloError server.unavailable */
  async noteVersion(authorization: string, modelId: string, name: string, number: number): Promise<void> {
    const noted = Versions.safeParse((await this.loggedModel(authorization, modelId))?.tags[MADE_OF_IT]).data ?? [];
    const isNoted = noted.some((one) => one.name === name && one.version === number);
    const versions = isNoted ? noted : [...noted, { name, version: number }];
    const path = `logged-models/${encodeURIComponent(modelId)}/tags`;
    const tag = { key: MADE_OF_IT, value: pythonJson(versions) };
    await this.ask(authorization, 'PATCH', path, { tags: [tag] });
  }

  private async ask(authorization: string, method: string, path: string, form?: object): Promise<unknown> {
    const answer = await fetch(`${this.settings.TELEMETRY_URL}/api/2.0/mlflow/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(form ? { body: JSON.stringify(form) } : {}),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw new MalloError('server.unavailable', { part: 'telemetry' }, { cause });
    });
    if (answer.status === 404 || answer.status === 400) return null;
    if (!answer.ok) throw new MalloError('server.unavailable', { part: 'telemetry' });
    return answer.json();
  }
}

/** As Python writes it, for clients that compare the text. */
function pythonJson(versions: { name: string; version: number }[]): string {
  const items = versions.map(({ name, version }) => `{"name": ${JSON.stringify(name)}, "version": ${version}}`);
  return `[${items.join(', ')}]`;
}

/** Numbers alone are figures. */
function figuresOf(entries: { key: string; value?: unknown }[]): Record<string, number> {
  const finite = entries.flatMap(({ key, value }) =>
    typeof value === 'number' && Number.isFinite(value) && key.length <= 250 ? [[key, value] as const] : [],
  );
  return Object.fromEntries(finite);
}

function textsOf(entries: { key: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

/** What a program says that it is, to be said again for it. */
export function authorizationOf(headers: { authorization?: string | undefined }): string {
  // Programs have no cookies.
  if (!headers.authorization) throw new MlflowError('UNAUTHENTICATED', 'Send the token of the program.');
  return headers.authorization;
}

/** What a person may have written over with anything. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
}
