import type { Tables } from '../database/database.js';

/** Waits until nobody else changes the model, and keeps others waiting until the transaction ends. */
export async function lockModel(tables: Tables, modelId: string): Promise<void> {
  await tables.$queryRaw`SELECT id FROM mallo.registered_models WHERE id = ${modelId} FOR UPDATE`;
}

/** Notes that a locked model changed just now. */
export async function touchModel(tables: Tables, modelId: string): Promise<void> {
  await tables.registeredModel.update({ where: { id: modelId }, data: { updatedAt: new Date() } });
}

/**
 * Notes which version of a locked model is its latest now and how many there are, deleted ones aside: the highest that is
 * not deprecated, and of a model with no other the highest.
 */
export async function countVersions(tables: Tables, modelId: string): Promise<void> {
  await tables.$executeRaw`
    UPDATE mallo.registered_models SET
      latest_version_id = (
        SELECT id FROM mallo.model_versions WHERE model_id = ${modelId} AND deleted_at IS NULL
        ORDER BY deprecation IS NOT NULL, major DESC, minor DESC, patch DESC LIMIT 1),
      version_count = (SELECT count(*) FROM mallo.model_versions WHERE model_id = ${modelId} AND deleted_at IS NULL),
      updated_at = now()
    WHERE id = ${modelId}`;
}
