import type { PoolStats } from '@shunt/lanes';
import pc from 'picocolors';
import { type Progress, waitsOf, warmShare } from './view.js';

/** How a demo ended. */
export interface DemoEnd {
  readonly refused: number;
  readonly isStopped: boolean;
  readonly endpoint: string;
  readonly pool: string;
  readonly redis: string;
}

/** What was seen, and what to try next. */
export function summary(stats: PoolStats, state: Progress, end: DemoEnd): string {
  const { enqueued, done, seconds } = state;
  const open = stats.tasks.intake + stats.tasks.yard + stats.tasks.lane + stats.tasks.mailbox + stats.tasks.running;
  const lost = Math.max(0, enqueued - done - stats.tasks.delayed - open);
  const moved = (stats.bound.dead ?? 0) + (stats.bound.draining ?? 0);
  const rows: [string, string][] = [
    ['tasks done', `${done} in ${seconds.toFixed(1)} s, ${Math.round(done / seconds)} a second`],
    ['lost', end.isStopped ? `unknown, stopped with ${open} open` : String(lost)],
    ['refused', String(end.refused)],
    ['agents', `${stats.bound.new ?? 0} found a home, ${moved} moved`],
    ['warm', `${warmShare(stats)} of follow-up tasks`],
    ['waits', waitsOf(stats)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const facts = rows.map(([name, value]) => `  ${pc.bold(name.padEnd(width))}  ${value}`);
  const next = [
    ['npm start -- --workers 6 --speed 120', 'the same with more workers, twice as fast'],
    ['npm run dispatcher', 'one dispatcher for a Redis of yours (SHUNT_REDIS_URL)'],
    ['SHUNT_HANDLERS=./handlers.mjs npm run worker', 'a worker with handlers of yours'],
    ['npm run bench', 'speed beside plain BullMQ'],
  ].map(([command = '', what]) => `  ${pc.cyan(command.padEnd(46))}${what}`);
  return ['', ...facts, '', pc.bold('Try next'), ...next, ''].join('\n');
}
