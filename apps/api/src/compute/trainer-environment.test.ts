import { afterEach, expect, it, vi } from 'vitest';
import { codeEnvironment, trainerEnvironment } from './trainer-environment.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('has nothing that belongs to Mallo', () => {
  vi.stubEnv('MALLO_JWT_SECRET', 'secret');
  vi.stubEnv('HF_TOKEN', 'of the hub');
  expect(trainerEnvironment()).toMatchObject({ HF_TOKEN: 'of the hub', PATH: process.env.PATH });
  expect(trainerEnvironment()).not.toHaveProperty('MALLO_JWT_SECRET');
});

it('has no key of any other service either where it runs code of a person’s own', () => {
  for (const name of ['MALLO_JWT_SECRET', 'HF_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'FALLBACK_PATH']) vi.stubEnv(name, 'x');
  vi.stubEnv('CUDA_VISIBLE_DEVICES', '1');
  const { PATH, CUDA_VISIBLE_DEVICES, ...rest } = codeEnvironment();
  expect({ PATH, CUDA_VISIBLE_DEVICES }).toEqual({ PATH: process.env.PATH, CUDA_VISIBLE_DEVICES: '1' });
  expect(Object.values(rest)).not.toContain('x');
});
