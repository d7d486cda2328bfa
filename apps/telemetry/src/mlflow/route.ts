import { type RouteSpec, route } from '@mallo/contracts';
import { z } from 'zod';

const API = '/api/2.0/mlflow';

type Form = Pick<RouteSpec, 'params' | 'query' | 'body'>;

/**
 * One route of MLflow's REST API. It is not among the contracts: who calls it knows MLflow, not Mallo, and what it
 * answers is compared with a real MLflow by tests.
 */
export function mlflowRoute<const F extends Form>(
  method: RouteSpec['method'],
  path: `/${string}`,
  form: F,
): RouteSpec & F & { response: z.ZodUnknown } {
  const spec = { method, path: `${API}${path}` as const, summary: path, access: 'program' as const };
  return route({ ...spec, ...form, response: z.unknown() });
}
