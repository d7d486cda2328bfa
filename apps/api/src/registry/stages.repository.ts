import type { Stage } from '@mallo/contracts';
import { Prisma } from '../generated/prisma/client.js';
import { CANDIDATE, CHAMPION } from './alias-state.js';

const { sql } = Prisma;

/** In a statement: whether the version `x` of the model `m` is archived, as `stagesOf` says it. */
export const IS_ARCHIVED = sql`
  x.model_id = m.id AND x.deleted_at IS NULL
  AND NOT EXISTS (SELECT FROM mallo.model_aliases a WHERE a.version_id = x.id AND a.name IN (${CHAMPION}, ${CANDIDATE}))
  AND (x.deprecation IS NOT NULL OR EXISTS (
    SELECT FROM mallo.alias_changes c
    WHERE c.model_id = m.id AND c.after ->> ${CHAMPION} = concat_ws('.', x.major, x.minor, x.patch)))`;

/** In a statement: whether some version of the model `m` is in a stage. */
export function hasStage(stage: Stage): Prisma.Sql {
  if (stage === 'Archived') return sql`EXISTS (SELECT FROM mallo.model_versions x WHERE ${IS_ARCHIVED})`;
  const alias = stage === 'Production' ? CHAMPION : CANDIDATE;
  return sql`EXISTS (SELECT FROM mallo.model_aliases a WHERE a.model_id = m.id AND a.name = ${alias})`;
}
