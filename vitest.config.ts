import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const lib = (name: string) => fileURLToPath(new URL(`./libs/${name}/src/index.ts`, import.meta.url));

/** One run for everything: unit specs beside their sources, integration specs under `test/`. */
export default defineConfig({
  resolve: {
    alias: Object.fromEntries(
      ['balancing', 'health', 'input', 'lanes', 'nest', 'probes', 'redis-server', 'sdk', 'runtime', 'workload'].map(
        (name) => [`@shunt/${name}`, lib(name)],
      ),
    ),
  },
  test: {
    include: ['libs/**/*.spec.ts', 'apps/**/*.spec.ts', 'bench/**/*.spec.ts', 'test/**/*.spec.ts'],
    globalSetup: ['test/support/global-redis.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Of the tests that say so, which wait more than they work.
    maxConcurrency: 2,
    // A process runs spec after spec: to load the sources anew for each of them took a quarter of the whole run.
    isolate: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['libs/*/src/**/*.ts'],
      exclude: ['**/*.spec.ts', '**/*.bench.ts', '**/generated.ts', '**/index.ts'],
      reporter: ['json-summary'],
      reportsDirectory: 'coverage',
    },
  },
});
