// The same models in both databases, written by SQL: 50,000 registrations over HTTP would take a quarter of an hour.
import { sql } from './postgres.mjs';
import { CONFIG } from './servers.mjs';

/** Versions of each model. */
export const VERSIONS = 5;

/** What PostgreSQL would do by itself within the minute, while requests are measured. */
const SETTLED = [['VACUUM ANALYZE'], ['CHECKPOINT']];

const NAME = `(ARRAY['resnet50','mobilenetv3','vit-small','unet','효율망'])[1 + i % 5] || '-' ||
  (ARRAY['cats','defects','cells','roads','고양이','불량'])[1 + i % 6] || '-' || md5(i::text)`;

/** The names of the models of these numbers. */
export async function namesOf(url, numbers) {
  const rows = await sql(url, [`SELECT ${NAME} AS name FROM unnest($1::int[]) AS t(i)`, [numbers]]);
  return rows.map(({ name }) => name);
}

/** Adds the models numbered after `from` up to `to`, as MLflow writes them. */
export async function fillMlflow(url, from, to) {
  const models = `SELECT i, ${NAME} AS name FROM generate_series(${from + 1}, ${to}) AS i`;
  const now = '(extract(epoch FROM now()) * 1000)::bigint';
  await sql(
    url,
    [
      `INSERT INTO registered_models (name, creation_time, last_updated_time) SELECT name, ${now}, ${now} FROM (${models}) m`,
    ],
    [
      `INSERT INTO model_versions (name, version, creation_time, last_updated_time, current_stage, source, status)
       SELECT name, v, ${now}, ${now}, 'None', 's3://models/' || i || '/' || v, 'READY'
       FROM (${models}) m, generate_series(1, ${VERSIONS}) AS v`,
    ],
    [
      `INSERT INTO registered_model_aliases (name, alias, version) SELECT name, 'champion', ${VERSIONS - 1} FROM (${models}) m`,
    ],
    [
      `INSERT INTO registered_model_aliases (name, alias, version) SELECT name, 'candidate', ${VERSIONS} FROM (${models}) m`,
    ],
    [
      `INSERT INTO model_version_tags (name, version, key, value)
       SELECT name, v, 'val_accuracy', '0.' || (i * 7 + v) % 1000 FROM (${models}) m, generate_series(1, ${VERSIONS}) AS v`,
    ],
    ...SETTLED,
  );
}

/** The same for Mallo, with the history of the aliases, a file a version, and figures. */
export async function fillMallo(url, projectId, from, to) {
  const models = `SELECT i, ${NAME} AS name, 'mdl_b' || i AS id FROM generate_series(${from + 1}, ${to}) AS i`;
  const state = (versions) =>
    `jsonb_build_object(${Object.entries(versions)
      .map(([alias, v]) => `'${alias}', '1.${v}.0'`)
      .join(', ')})`;
  await sql(
    url,
    ['SET search_path = mallo'],
    [
      `INSERT INTO registered_models (id, project_id, name, task_type, search_name, version_count, updated_at)
       SELECT id, '${projectId}', name, 'classification', lower(name), ${VERSIONS}, now() + i * interval '1 ms' FROM (${models}) m`,
    ],
    [
      `INSERT INTO model_versions (id, model_id, major, minor, patch, number, architecture, config, config_hash, metrics, val_accuracy)
       SELECT 'ver_b' || i || 'v' || v, id, 1, v - 1, 0, v, 'resnet50', $1::jsonb, repeat('a', 64),
         jsonb_build_object('val_accuracy', ((i * 7 + v) % 1000) / 1000.0), ((i * 7 + v) % 1000) / 1000.0
       FROM (${models}) m, generate_series(1, ${VERSIONS}) AS v`,
      [JSON.stringify(CONFIG)],
    ],
    [
      `UPDATE registered_models m SET latest_version_id = 'ver_b' || substr(id, 6) || 'v${VERSIONS}' WHERE latest_version_id IS NULL`,
    ],
    [
      `INSERT INTO model_artifacts (version_id, name, sha256, size_bytes)
       SELECT 'ver_b' || i || 'v' || v, 'model.onnx', encode(sha256((i || ' ' || v)::bytea), 'hex'), 1000000 + i
       FROM (${models}) m, generate_series(1, ${VERSIONS}) AS v`,
    ],
    [
      `INSERT INTO model_aliases (model_id, name, version_id)
       SELECT id, alias, 'ver_b' || i || 'v' || v
       FROM (${models}) m, (VALUES ('champion', ${VERSIONS - 1}), ('candidate', ${VERSIONS})) AS a(alias, v)`,
    ],
    [
      `INSERT INTO alias_changes (id, model_id, position, key, action, reason, before, after)
       SELECT 'chg_b' || i || 'v' || v, id, v, 'register ' || v, 'register', '', '{}', jsonb_build_object('candidate', '1.' || (v - 1) || '.0')
       FROM (${models}) m, generate_series(1, ${VERSIONS}) AS v`,
    ],
    [
      `INSERT INTO alias_changes (id, model_id, position, key, action, reason, before, after)
       SELECT 'chg_b' || i || 'p', id, ${VERSIONS + 1}, 'promote', 'promote', 'better', ${state({ candidate: VERSIONS - 1 })},
         ${state({ candidate: VERSIONS - 1, champion: VERSIONS - 2 })} FROM (${models}) m`,
    ],
    ...SETTLED,
  );
}
