/** Never handed to a trainer or sidecar, which run people's models and libraries. */
const OURS = /^(MALLO_|NODE_|npm_|DATABASE_URL$|POSTGRES|PG[A-Z]+$|(INTENT_PARSER|TELEMETRY|API)_URL$|HOST$|PORT$)/;

/** The environment of this process without what belongs to Mallo alone. */
export function trainerEnvironment(): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));
  return { ...env, PYTHONUNBUFFERED: '1', PYTHONNOUSERSITE: '1' };
}
