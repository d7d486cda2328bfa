import { z } from 'zod';
import { ModelSource } from './parse.js';
import { route } from './route.js';

export const ZooModel = z.strictObject({
  name: z.string(),
  source: ModelSource,
  family: z.string(),
  /** Millions of parameters. */
  paramsM: z.number().nullable(),
  /** Billions of floating-point operations for one image at `inputSize`. */
  gflops: z.number().nullable(),
  /** Width and height in pixels. */
  inputSize: z.int().nullable(),
});
export type ZooModel = z.infer<typeof ZooModel>;

export const zooRoutes = {
  search: route({
    method: 'GET',
    path: '/api/v1/zoo/models',
    summary: 'Trainable models whose name is like the query, the nearest first',
    access: 'user',
    query: z.strictObject({
      query: z.string().max(200).default(''),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    response: z.array(ZooModel),
  }),
};
