import { type Program, pythonRepr } from '@mallo/backend';
import { MlflowError } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Database } from '../database.js';
import { BatchWriter } from '../points/batch.js';
import { PointStore } from '../points/point-store.js';
import type { KeyValue } from '../tracking/experiments.repository.js';
import { addModelPoints } from '../tracking/logged-models.repository.js';
import { addParams, addToListTag, type ParamConflict, setTags } from '../tracking/run-texts.js';
import { storableText } from '../tracking/sql.js';
import type { LoggedBatch, LoggedPoint } from './batch.js';
import { MlflowRunsService } from './runs.service.js';

/** What programs log of a run while it goes on. */
@Injectable()
export class LoggingService {
  constructor(
    private readonly database: Database,
    private readonly runs: MlflowRunsService,
    private readonly points: PointStore,
  ) {}

  /** Stores points, params and tags of a run, all or nothing. @throws MlflowError */
  async logBatch(program: Program, runId: string, { points, params, tags }: LoggedBatch): Promise<void> {
    const ofModels = points.filter(({ modelId }) => modelId !== '');
    const texts = async (client: PoolClient) => {
      const conflicts = await addParams(client, runId, params);
      if (conflicts.length > 0) throw changedParams(runId, conflicts);
      await setTags(client, runId, tags);
      await addModelPoints(client, runId, ofModels);
    };
    const hasMore = params.length + tags.length + ofModels.length > 0;
    if (points.length === 0 || hasMore) await this.runs.active(program, runId);
    if (points.length === 0) {
      if (hasMore) await this.database.transaction(texts);
      return;
    }
    // Points alone, which are by far the most, are stored without a question before.
    const options = { projectId: program.projectId, ...(hasMore ? { with: texts } : {}) };
    const appended = await this.points.append(runId, batchOf(points), options);
    // Says what is wrong with the run.
    if (!appended) await this.runs.active(program, runId);
  }

  /** @throws MlflowError INVALID_PARAMETER_VALUE when it has another value already */
  async logParam(program: Program, runId: string, param: KeyValue): Promise<void> {
    await this.runs.active(program, runId);
    await this.database.transaction(async (client) => {
      const [conflict] = await addParams(client, runId, [param]);
      if (!conflict) return;
      throw new MlflowError(
        'INVALID_PARAMETER_VALUE',
        `Changing param values is not allowed. Param with key='${param.key}' was already logged with ` +
          `value='${conflict.before}' for run ID='${runId}'. Attempted logging new value '${param.value}'.`,
      );
    });
  }

  async setTag(program: Program, runId: string, tag: KeyValue): Promise<void> {
    await this.runs.active(program, runId);
    await this.database.transaction((client) => setTags(client, runId, [tag]));
  }

  /** Adds a model to those that a run says in a tag it logged, as older clients do. */
  async logModel(program: Program, runId: string, model: unknown): Promise<void> {
    await this.runs.active(program, runId);
    await this.database.transaction((client) => addToListTag(client, runId, 'mlflow.log-model.history', model));
  }
}

function batchOf(points: LoggedPoint[]) {
  const writer = new BatchWriter();
  for (const { key, step, timeMs, value } of points) writer.point(storableText(key), step, timeMs, value);
  return writer.finish();
}

function changedParams(runId: string, conflicts: ParamConflict[]): MlflowError {
  const list = conflicts.map(
    ({ key, before, after }) =>
      `{'key': ${pythonRepr(key)}, 'old_value': ${pythonRepr(before)}, 'new_value': ${pythonRepr(after)}}`,
  );
  return new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Changing param values is not allowed. Params were already logged='[${list.join(', ')}]' for run ID='${runId}'.`,
  );
}
