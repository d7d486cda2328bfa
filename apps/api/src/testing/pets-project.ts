import type { TrainingConfig } from '@mallo/contracts';
import { InsightsService } from '../insights/insights.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { createTestDatabase, SECRET, startTestApi } from './api.js';
import { addRun, runResult, trainingConfig } from './rows.js';
import { startTelemetry } from './telemetry.js';
import { snapshotOf } from './trainings.js';

const OVERFITS = {
  train_loss: [0.7, 0.4, 0.2, 0.1, 0.05, 0.02],
  train_accuracy: [0.6, 0.8, 0.9, 0.95, 0.98, 0.99],
  val_loss: [0.68, 0.5, 0.52, 0.6, 0.7, 0.8],
  val_accuracy: [0.6, 0.78, 0.8, 0.79, 0.79, 0.785],
};
const CLASSES = [
  { name: 'cat', imageCount: 450 },
  { name: 'dog', imageCount: 50 },
];

/** An api with a real PostgreSQL and a real telemetry, and a way to fill its project. */
export async function startPetsProject(parserUrl: string) {
  const telemetry = await startTelemetry(await createTestDatabase(), SECRET);
  const api = await startTestApi({ INTENT_PARSER_URL: parserUrl, TELEMETRY_URL: telemetry.url });
  const ownerId = (await api.database.user.findFirstOrThrow()).id;

  async function addPetsRun(model: string, valAccuracy: number, learningRate: number): Promise<string> {
    const id = await addRun(api, { status: 'completed' });
    const base = trainingConfig({ model: { source: 'timm', name: model } });
    const config: TrainingConfig = {
      ...base,
      hyperparameters: { ...base.hyperparameters, epochs: 6, learningRate },
      dataset: { ...base.dataset, id: 'dst_pets' },
    };
    const times = { startedAt: new Date('2026-11-21T09:00:00Z'), endedAt: new Date('2026-11-21T09:02:05Z') };
    const data = { name: `pets-${model}`, config, valAccuracy, result: runResult(valAccuracy), ...times };
    await api.database.run.update({ where: { id }, data });
    return id;
  }

  return {
    api,
    ownerId,
    insights: api.app.get(InsightsService, { strict: false }),
    /** A dataset, a run that overfits (`pets-resnet18`, its id is returned), a smaller one without curves, their models. */
    async fill(): Promise<string> {
      const version = { id: 'dsv_pets', number: 1, imageCount: 500, sizeBytes: 5000, sha256: '0'.repeat(64) };
      const content = { classes: CLASSES, problems: [], problemCounts: {}, medianWidth: 64, medianHeight: 64 };
      await api.database.dataset.create({
        data: {
          id: 'dst_pets',
          projectId: api.projectId,
          name: 'pets',
          takenName: 'pets',
          taskType: 'classification',
          versions: { create: { ...version, ...content } },
        },
      });
      const large = await addPetsRun('resnet18', 0.8, 0.001);
      const small = await addPetsRun('mobilenetv3_small_050', 0.79, 0.0001);
      await telemetry.report(large, ownerId, api.projectId, snapshotOf(OVERFITS).curves);
      const config = trainingConfig({ dataset: { id: 'dst_pets', versionId: 'dsv_pets', name: 'pets' } });
      for (const [runId, name, valAccuracy, sizeBytes] of [
        [large, 'pets-large', 0.8, 44_800_000],
        [small, 'pets-small', 0.79, 6_300_000],
      ] as const) {
        await api.app.get(RegistryService, { strict: false }).registerRun({
          runId,
          projectId: api.projectId,
          name,
          taskType: 'classification',
          architecture: name,
          config,
          configHash: 'a'.repeat(64),
          datasetVersionSha256: 'b'.repeat(64),
          recipe: 'timm_classification.py',
          result: runResult(valAccuracy),
          transcript: null,
          artifacts: [{ name: 'model.onnx', sha256: 'c'.repeat(64), sizeBytes }],
        });
      }
      return large;
    },
    async stop(): Promise<void> {
      await api.close();
      await telemetry.stop();
    },
  };
}
