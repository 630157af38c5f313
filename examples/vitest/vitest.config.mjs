// npx vitest run --config examples/vitest/vitest.config.mjs
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    globalSetup: './global-setup.mjs',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
