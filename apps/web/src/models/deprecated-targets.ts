import type { AliasState, ModelVersionSummary, RegisteredModel } from '@mallo/contracts';

/**
 * The deprecated versions that aliases would come to point to. What was the champion becomes @rollback without being
 * asked about.
 */
export function deprecatedTargets(model: RegisteredModel, next: AliasState): ModelVersionSummary[] {
  const { aliases } = model;
  const moved = Object.keys(next).filter(
    (alias) => next[alias] !== aliases[alias] && !(alias === 'rollback' && next[alias] === aliases.champion),
  );
  const targets = new Set(moved.map((alias) => next[alias]));
  return model.versions.filter(({ version, deprecation }) => deprecation !== null && targets.has(version));
}
