import type { Client } from '@mallo/client';
import { type IngestBatch, identityRoutes, type LiveEvent } from '@mallo/contracts';

type Point = { key: string; value: number; step: number; timestamp: number };
type Text = { key: string; value: string };
type Logged = {
  name: string;
  params?: Record<string, string>;
  points?: Point[];
  status?: 'RUNNING' | 'FINISHED' | 'FAILED';
};

/** MLflow takes 1,000 things in one batch, params among them. */
const BATCH = 900;

/** A program that logs runs over HTTP, as MLflow's client does and as scripts do, with a token of its own. */
export class LoggingProgram {
  private readonly url: string;
  private readonly token: string;

  private constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  static async of(url: string, client: Client, projectId: string): Promise<LoggingProgram> {
    const { token } = await client.call(identityRoutes.createToken, { body: { name: 'a program', projectId } });
    return new LoggingProgram(url, token);
  }

  /** @returns the run's id */
  async log({ name, params = {}, points = [], status = 'FINISHED' }: Logged): Promise<string> {
    const start_time = points[0]?.timestamp ?? Date.now();
    const { run } = (await this.post('runs/create', { experiment_id: '0', run_name: name, start_time })) as {
      run: { info: { run_id: string } };
    };
    const { run_id } = run.info;
    const texts: Text[] = Object.entries(params).map(([key, value]) => ({ key, value }));
    await this.append(run_id, points, texts);
    if (status !== 'RUNNING') await this.end(run_id, status, points.at(-1)?.timestamp);
    return run_id;
  }

  /** Begins a run and adds to it as a script does that speaks plain HTTP. */
  async begin(name: string): Promise<string> {
    return ((await this.send('/live/v1/runs', { name })) as { runId: string }).runId;
  }

  /** Sends a batch of events. @param from so many were sent before @returns up to where they are stored */
  async sendEvents(runId: string, from: number, events: LiveEvent[]): Promise<number> {
    const body: IngestBatch = { writer: 'script', from, to: from + events.length, events };
    return ((await this.send(`/live/v1/runs/${runId}/events`, body)) as { position: number }).position;
  }

  async append(run_id: string, points: Point[], params: Text[] = []): Promise<void> {
    for (let from = 0; from === 0 || from < points.length; from += BATCH) {
      const metrics = points.slice(from, from + BATCH);
      await this.post('runs/log-batch', { run_id, metrics, params: from === 0 ? params : [], tags: [] });
    }
  }

  async end(run_id: string, status: 'FINISHED' | 'FAILED', end_time = Date.now()): Promise<void> {
    await this.post('runs/update', { run_id, status, end_time });
  }

  /** Sends one point of a gauge, as OpenTelemetry's exporters do. */
  async sendMetric(service: string, { name, value }: { name: string; value: number }): Promise<void> {
    const attributes = [{ key: 'service.name', value: { stringValue: service } }];
    const dataPoints = [{ timeUnixNano: String(BigInt(Date.now()) * 1_000_000n), asDouble: value }];
    const scopeMetrics = [{ metrics: [{ name, gauge: { dataPoints } }] }];
    const answer = await fetch(`${this.url}/live/v1/otlp/v1/metrics`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ resourceMetrics: [{ resource: { attributes }, scopeMetrics }] }),
    });
    if (!answer.ok) throw new Error(`${service}: ${answer.status} ${await answer.text()}`);
  }

  /** Keeps a file of a run, as `log_artifact` does. */
  putFile(runId: string, path: string, content: string | Uint8Array): Promise<void> {
    return this.put(`0/${runId}/artifacts/${path}`, content);
  }

  /** Logs a model of a run, as `log_model` does. @returns its id */
  async logModel(runId: string, name: string, files: Record<string, string>): Promise<string> {
    const form = { experiment_id: '0', name, source_run_id: runId };
    const { model } = (await this.post('logged-models', form)) as { model: { info: { model_id: string } } };
    const { model_id } = model.info;
    for (const [path, content] of Object.entries(files))
      await this.put(`0/models/${model_id}/artifacts/${path}`, content);
    return model_id;
  }

  private async put(path: string, content: string | Uint8Array): Promise<void> {
    const url = new URL(`/api/2.0/mlflow-artifacts/artifacts/${path}`, this.url);
    const headers = { authorization: `Bearer ${this.token}` };
    const body = typeof content === 'string' ? content : new Uint8Array(content);
    const answer = await fetch(url, { method: 'PUT', headers, body });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }

  private post(path: string, body: unknown): Promise<unknown> {
    return this.send(`/api/2.0/mlflow/${path}`, body);
  }

  private async send(path: string, body: unknown): Promise<unknown> {
    const answer = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
