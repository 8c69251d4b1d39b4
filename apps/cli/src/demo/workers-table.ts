import { allWaits } from '@shunt/lanes';
import Table from 'cli-table3';
import pc from 'picocolors';
import { type Sight, waitsOf } from './sight.js';

/** Columns that the table needs with ids and numbers of usual length. */
export const tableWidth = 76;

const heads = ['worker', 'pid', 'slots', 'lane', 'tasks/s', 'done', 'warm', 'wait p50 / p99'];
const inner = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '', middle: '', 'top-mid': '', 'bottom-mid': '' };

/** What the table shows; null for speeds that a single look does not tell. */
export interface WorkersSight extends Pick<Sight, 'stats'> {
  readonly perSecond: number | null;
  readonly workersPerSecond: readonly number[] | null;
}

/** One row per worker, and their sum: slots, lane depth, speed, warm starts, waits. */
export function workersTable(sight: WorkersSight, columns: number): string {
  const { stats, perSecond, workersPerSecond } = sight;
  const table = new Table({
    head: heads.map((name) => pc.bold(name)),
    chars: { ...inner },
    style: { head: [], border: pc.isColorSupported ? ['dim'] : [] },
    colAligns: ['left', 'right', 'left', ...heads.slice(3).map(() => 'right' as const)],
  });
  const glyphs = columns < 100 ? 4 : 12;
  for (const [i, { id, pid, isRoutable, running, slots, waiting, load }] of stats.workers.entries()) {
    const { completed = 0, warm = 0, waits = {} } = load ?? {};
    const name = isRoutable ? `${pc.green('●')} ${id}` : `${pc.yellow('○')} ${id}`;
    const rate = speed(workersPerSecond && (workersPerSecond[i] ?? 0));
    table.push([
      name,
      pid,
      slotsBar(running, slots, glyphs),
      depth(waiting),
      rate,
      completed,
      warm,
      waitsOf(allWaits(waits).counts),
    ]);
  }
  const slots = stats.workers.reduce((sum, worker) => sum + (worker.isRoutable ? worker.slots : 0), 0);
  const { running, lane } = stats.tasks;
  const used = slotsBar(running, slots, glyphs);
  table.push(['  all', '', used, depth(lane), speed(perSecond), stats.completed, stats.warm, waitsOf(stats.waits)]);
  return table.toString();
}

function slotsBar(running: number, slots: number, most: number): string {
  const shown = Math.min(slots, most);
  const used = slots === 0 ? 0 : Math.min(shown, Math.ceil((running / slots) * shown));
  const colour = running >= slots ? pc.yellow : pc.green;
  return `${colour('■'.repeat(used))}${pc.dim('□'.repeat(shown - used))} ${running}/${slots}`;
}

function speed(perSecond: number | null): string {
  return perSecond === null ? '-' : String(Math.round(perSecond));
}

function depth(tasks: number): string {
  return tasks === 0 ? pc.dim('0') : pc.yellow(String(tasks));
}
