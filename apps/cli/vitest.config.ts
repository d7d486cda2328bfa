import { defineConfig } from 'vitest/config';

// Real processes: PostgreSQL is made, services are killed and started again.
export default defineConfig({
  test: { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } },
});
