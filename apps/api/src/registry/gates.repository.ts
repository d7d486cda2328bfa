import { newId } from '@mallo/backend';
import { type Gate, GateChange } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database, type Tables } from '../database/database.js';
import { type Measured, passGates } from './gate-check.js';
import { lockModel } from './model-lock.repository.js';
import { placeOf } from './version-numbers.js';
import { figuresOf, gatesOf } from './version-rows.js';

export type GateOccasion = { key: string; userId: string; reason: string };

/**
 * Lets a version of a locked model become its champion in the place of another.
 * @throws MalloError model.gate_failed, model.gate_dataset_differs, model.gate_dataset_unknown, model.gate_metric_missing
 */
export async function checkGates(tables: Tables, modelId: string, version: string, champion: string): Promise<void> {
  const gates = gatesOf((await tables.registeredModel.findUniqueOrThrow({ where: { id: modelId } })).gates);
  if (gates.length === 0) return;
  passGates(gates, await measured(tables, modelId, version), await measured(tables, modelId, champion));
}

async function measured(tables: Tables, modelId: string, version: string): Promise<Measured> {
  const row = await tables.modelVersion.findUniqueOrThrow({
    where: { modelId_major_minor_patch: placeOf(modelId, version) },
    select: {
      ...{ metrics: true, datasetName: true, datasetVersionSha256: true, config: true },
      model: { select: { projectId: true } },
    },
  });
  const config = row.config as { dataset: { name: string } } | null;
  const { datasetVersionSha256, model } = row;
  const datasetName = config?.dataset.name ?? row.datasetName;
  const dataset = { projectId: model.projectId, name: datasetName ?? '' };
  return {
    ...{ version, metrics: figuresOf(row.metrics), datasetName, datasetVersionSha256 },
    datasetVersionNumber: datasetVersionSha256 === null ? null : await numberOf(tables, datasetVersionSha256, dataset),
  };
}

/** Of a version of a dataset of the project's, one that was deleted too; null when there is none such. */
async function numberOf(tables: Tables, sha256: string, dataset: { projectId: string; name: string }) {
  const row = await tables.datasetVersion.findFirst({
    where: { sha256, dataset },
    orderBy: { number: 'desc' },
    select: { number: true },
  });
  return row?.number ?? null;
}

/** What versions must show to become a champion, and how that came to be. */
@Injectable()
export class GatesRepository {
  constructor(private readonly database: Database) {}

  /** Sets the gates of a model, once for a key. */
  set(modelId: string, gates: Gate[], { key, userId, reason }: GateOccasion): Promise<void> {
    return this.database.$transaction(async (tables) => {
      await lockModel(tables, modelId);
      if (await tables.gateChange.findUnique({ where: { modelId_key: { modelId, key } } })) return;
      const where = { id: modelId };
      const before = gatesOf((await tables.registeredModel.findUniqueOrThrow({ where })).gates);
      if (JSON.stringify(before) === JSON.stringify(gates)) return;
      await tables.registeredModel.update({ where, data: { gates, updatedAt: new Date() } });
      const position = (await tables.gateChange.count({ where: { modelId } })) + 1;
      await tables.gateChange.create({
        data: { id: newId('gch'), modelId, position, key, userId, reason, before, after: gates },
      });
    });
  }

  /** The latest first. */
  async changes(modelId: string): Promise<GateChange[]> {
    const rows = await this.database.gateChange.findMany({
      where: { modelId },
      include: { user: { select: { name: true } } },
      orderBy: { position: 'desc' },
    });
    return rows.map((row) =>
      GateChange.parse({
        id: row.id,
        by: row.user?.name ?? row.byName,
        reason: row.reason,
        before: row.before,
        after: row.after,
        at: row.createdAt.toISOString(),
      }),
    );
  }
}
