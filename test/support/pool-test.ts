import { test, vi } from 'vitest';
import { TestPool } from './pool.js';

/** `it` of an integration spec: each test gets a pool of its own, closed after it. */
export const it = test.extend<{ pool: TestPool }>({
  pool: async ({ task: _task }, use) => {
    const pool = new TestPool();
    await use(pool);
    await pool.close();
  },
});

/** Resolves once a condition that no event announces holds; fails after a minute, more than anything takes on a busy machine. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  await vi.waitUntil(condition, { timeout: 60_000, interval: 5 });
}
