import type { TestProject } from 'vitest/node';
import { startTestRedis } from './redis.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the one Redis of the run, for `inject('redisUrl')`. Shared: each suite uses a pool name of its own. */
    redisUrl: string;
  }
}

/** Vitest globalSetup: one Redis for the whole run, ended with it. */
export default async function setUpRedis(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestRedis();
  project.provide('redisUrl', server.url);
  return () => server.stop();
}
