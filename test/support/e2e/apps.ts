import { expect, onTestFinished } from 'vitest';
import { TestPool } from '../pool.js';
import type { Command } from './command.js';
import type { commands } from './commands.js';

/** A pool whose dispatcher and workers are started by the commands a person types. */
export class TypedPool {
  readonly test: TestPool;

  constructor(
    private readonly start: ReturnType<typeof commands>,
    url?: string,
  ) {
    this.test = new TestPool(url);
    onTestFinished(() => this.test.close());
  }

  /** `npm run dispatcher` with the pool's settings. */
  dispatcher(settings: Readonly<Record<string, string>> = {}): Command {
    return this.run('dispatcher', { SHUNT_HTTP_PORT: '0', ...settings });
  }

  /** `npm run worker` with the pool's settings. */
  worker(settings: Readonly<Record<string, string>> = {}): Command {
    return this.run('worker', { SHUNT_WORKER_ID: 'w1', SHUNT_HEARTBEAT: '200ms', SHUNT_LEASE: '5s', ...settings });
  }

  private run(app: string, settings: Readonly<Record<string, string>>): Command {
    const own = { SHUNT_REDIS_URL: this.test.url, SHUNT_POOL: this.test.pool };
    return this.start(['npm', 'run', app], { env: { ...own, ...settings } });
  }
}

/** The address of a started app's endpoints, from its log. */
export async function endpointOf(app: Command): Promise<string> {
  const [, endpoint = ''] = await app.said(/"endpoint":"([^"]+)"/);
  return endpoint;
}

/** Asks until a probe answers with a status. */
export async function answers(endpoint: string, path: string, status: number): Promise<void> {
  const ask = async () => (await fetch(`${endpoint}${path}`)).status;
  await expect.poll(ask, { timeout: 60_000, interval: 50 }).toBe(status);
}

/** A line of a log that tells an error of a loop, and when, in ms. */
export interface ErrorLine {
  readonly msg: string;
  readonly time: number;
}

/** What an app's log told of errors so far. */
export function errorLines(app: Command): ErrorLine[] {
  const lines = app.output.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50);
}

/** The shortest time between two lines that say the same, in ms. */
export function shortestGapMs(lines: readonly ErrorLine[]): number {
  const gaps = lines.map(({ msg, time }, i) => {
    const next = lines.slice(i + 1).find((line) => line.msg === msg);
    return next === undefined ? Number.POSITIVE_INFINITY : next.time - time;
  });
  return Math.min(...gaps);
}
