import { setTimeout as sleep } from 'node:timers/promises';
import { type AlertStatus, isShuntError, type PoolStats, type ScaleStatus, type Shunt } from '@shunt/sdk';
import type { Command } from 'commander';
import logUpdate from 'log-update';
import pc from 'picocolors';
import { Rates } from '../demo/rates.js';
import { workersTable } from '../demo/workers-table.js';
import { durationWithin } from '../numbers.js';
import { type OutputOptions, tell, withOutput } from '../output.js';
import { withClient, withPatientClient } from '../pool-command.js';
import { orStopped, stopping } from '../stopping.js';

interface TopOptions extends OutputOptions {
  readonly every: number;
  readonly once?: boolean;
}

interface Look {
  readonly stats: PoolStats;
  readonly scale: ScaleStatus;
  readonly alerts: readonly AlertStatus[];
}

/** Adds `top`. */
export function addTop(command: Command): void {
  withOutput(command)
    .option('--every <duration>', 'time between looks, such as 2s, or ms', durationWithin(100, 3_600_000), 1000)
    .option('--once', 'look once')
    .action(top);
}

async function top(options: TopOptions): Promise<void> {
  const isLive = process.stdout.isTTY === true && options.output === 'table' && !options.once;
  if (isLive) return withPatientClient(options, (client) => watch(client, options.every));
  const found = await withClient(options, look);
  tell(found, options, () => page(found, null, 100));
}

/** Redraws what it sees until it is stopped, also while Redis is away. */
async function watch(client: Shunt, everyMs: number): Promise<void> {
  const rates = new Rates();
  const signal = stopping();
  while (!signal.aborted) {
    const seen = look(client).then((found) => page(found, rates, process.stdout.columns), absence);
    const text = await orStopped(signal, seen);
    if (text !== null) logUpdate(text);
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
  logUpdate.done();
}

/** What is seen of a Redis that is away. @throws any other error */
function absence(error: unknown): string {
  const isAway = isShuntError(error, 'STORE_UNAVAILABLE') || isShuntError(error, 'DEADLINE_EXCEEDED');
  if (isAway) return ` ${pc.red(error.message)}; trying again until it does`;
  throw error;
}

async function look({ pool, alerts }: Shunt): Promise<Look> {
  const [stats, scale, all] = await Promise.all([pool.stats(), pool.scale(), alerts.list()]);
  return { stats, scale, alerts: all.filter(({ state }) => state === 'firing' || state === 'pending') };
}

/** What is seen, as text for a terminal of so many columns. @param rates null for a single look, which tells none */
function page({ stats, scale, alerts }: Look, rates: Rates | null, columns: number): string {
  const nowMs = performance.now();
  const workersPerSecond = rates && stats.workers.map(({ id, load }) => rates.note(id, load?.completed ?? 0, nowMs));
  const perSecond = rates?.note('', stats.completed, nowMs) ?? null;
  const { intake, yard, mailbox, delayed } = stats.tasks;
  const depths = { intake, yard, mailboxes: mailbox, delayed, 'next waits s': Math.round(scale.oldestAgeMs / 1000) };
  const sizes = { workers: scale.workers, advised: scale.desired, wished: scale.wished ?? 'auto' };
  const line = (values: Record<string, string | number>) =>
    ` ${Object.entries(values)
      .map(([name, value]) => `${pc.dim(name)} ${value}`)
      .join('  ')}`;
  const firing = alerts.map(
    ({ alert, state, text }) => ` ${state === 'firing' ? pc.red(alert) : pc.yellow(alert)} ${text}`,
  );
  return [workersTable({ stats, perSecond, workersPerSecond }, columns), line(depths), line(sizes), ...firing].join(
    '\n',
  );
}
