import { type ArtifactPlace, MlflowError, placeOf } from '@mallo/contracts';

const ROUTE = '/api/2.0/mlflow-artifacts/artifacts/';

/** Where a version is said to come from. */
export type Source =
  /** `models:/m-…` */
  | { kind: 'logged model'; modelId: string }
  /** `models:/NAME/3`, `models:/NAME@champion`, `models:/NAME/Production`, `models:/NAME/latest` */
  | { kind: 'version'; name: string; ref: { alias: string } | { word: string } }
  /** A folder of a run, or of whatever the request says it belongs to. */
  | { kind: 'run'; runId: string; path: string }
  | { kind: 'place'; place: ArtifactPlace }
  /** Somewhere that is not Mallo's, such as `s3://…`. */
  | { kind: 'elsewhere' };

const invalid = (message: string) => new MlflowError('INVALID_PARAMETER_VALUE', message);

/** That a source and what the request says it belongs to do not agree. */
export function notOf(source: string, parameter: 'run_id' | 'model_id'): MlflowError {
  return invalid(
    `Invalid model version source: '${source}'. The ${parameter} request parameter must identify the resource that ` +
      'contains the source.',
  );
}

/**
 * Reads a source. None leads to a file of this machine.
 * @throws MlflowError INVALID_PARAMETER_VALUE
 */
export function sourceOf(source: string): Source {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(source) ?? [];
  switch (scheme.toLowerCase()) {
    case '':
    case 'file':
      throw invalid(
        `Invalid model version source: '${source}'. To use a local path as a model version source, the run_id request ` +
          'parameter has to be specified and the local path has to be contained within the artifact directory of the run ' +
          'specified by the run_id.',
      );
    case 'models':
      return modelOf(source, rest);
    case 'runs': {
      const [, runId = '', path = ''] = /^\/([^/]+)\/?(.*)$/s.exec(rest) ?? [];
      if (runId === '') throw notOf(source, 'run_id');
      return { kind: 'run', runId, path };
    }
    case 'mlflow-artifacts':
      // With a host or without: it is this one that is asked.
      return { kind: 'place', place: placeIn(source, rest.replace(/^\/\/[^/]*/, '').replace(/^\/+/, '')) };
    case 'http':
    case 'https':
      if (rest.includes(ROUTE)) {
        return { kind: 'place', place: placeIn(source, rest.slice(rest.indexOf(ROUTE) + ROUTE.length)) };
      }
  }
  if (decodeURIComponentSafely(rest).split('/').includes('..')) throw relative(source);
  return { kind: 'elsewhere' };
}

function placeIn(source: string, path: string): ArtifactPlace {
  try {
    return placeOf(path);
  } catch {
    throw relative(source);
  }
}

function relative(source: string): MlflowError {
  return invalid(
    `Invalid model version source: '${source}'. If supplying a source as an http, https, local file path, ftp, ` +
      'objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references ' +
      'present. Please provide an absolute path.',
  );
}

function modelOf(source: string, rest: string): Source {
  if (rest.startsWith('//')) {
    throw invalid(
      `Invalid model version source: '${source}'. Registered model sources must use the active model registry.`,
    );
  }
  const [, alone] = /^\/([^/@]+)$/.exec(rest) ?? [];
  if (alone) return { kind: 'logged model', modelId: alone };
  const [, name, alias] = /^\/([^/@]+)@([^/@]+)$/.exec(rest) ?? [];
  if (name && alias) return { kind: 'version', name, ref: { alias } };
  const [, model, word] = /^\/([^/@]+)\/([^/@]+)$/.exec(rest) ?? [];
  if (model && word) return { kind: 'version', name: model, ref: { word } };
  throw notOf(source, 'model_id');
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
