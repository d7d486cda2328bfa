/** Never handed to a trainer or sidecar, which run people's models and libraries. */
const OURS = /^(MALLO_|NODE_|npm_|DATABASE_URL$|POSTGRES|PG[A-Z]+$|(INTENT_PARSER|TELEMETRY|API)_URL$|HOST$|PORT$)/;
/** All that code of a person's own is handed: a process can read the environment that it was started with. */
const FOR_CODE = /^(PATH|LANG|LC_[A-Z]+|TZ|LD_LIBRARY_PATH|(CUDA|NVIDIA|OMP|MKL)_[A-Z_]+)$/;

/** The environment of this process without what belongs to Mallo alone. */
export function trainerEnvironment(): NodeJS.ProcessEnv {
  return environmentOf((name) => !OURS.test(name));
}

/** That of a process which runs code of a person's own: without keys and tokens of other services either. */
export function codeEnvironment(): NodeJS.ProcessEnv {
  return environmentOf((name) => FOR_CODE.test(name));
}

function environmentOf(isHanded: (name: string) => boolean): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => isHanded(name)));
  return { ...env, PYTHONUNBUFFERED: '1', PYTHONNOUSERSITE: '1' };
}
