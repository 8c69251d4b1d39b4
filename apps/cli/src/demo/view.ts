import { type PoolStats, waitBoundsMs } from '@shunt/lanes';
import progress from 'cli-progress';
import Table from 'cli-table3';
import pc from 'picocolors';

/** What the demo knows besides the pool's own numbers. */
export interface Progress {
  readonly total: number;
  readonly enqueued: number;
  readonly done: number;
  readonly perSecond: number;
  readonly seconds: number;
}

/** The live page of the demo, as text for a terminal. */
export function page(stats: PoolStats, state: Progress): string {
  return [workersTable(stats), '', totalsLine(stats, state), bar(state)].join('\n');
}

/** One line for outputs that cannot be redrawn. */
export function line(stats: PoolStats, state: Progress): string {
  return `${state.done}/${state.total} done, ${Math.round(state.perSecond)}/s, ${warmShare(stats)} warm, ${waitsOf(stats)}`;
}

function workersTable(stats: PoolStats): string {
  const table = new Table({
    head: ['worker', 'state', 'slots', 'lane', 'done', 'warm', 'cold'].map((name) => pc.bold(name)),
    style: { head: [], border: ['dim'] },
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right'],
  });
  for (const worker of stats.workers) {
    const { completed = 0, warm = 0, cold = 0 } = worker.load ?? {};
    const state = worker.isRoutable ? pc.green('up') : pc.yellow('out');
    table.push([worker.id, state, slotsBar(worker.running, worker.slots), worker.waiting, completed, warm, cold]);
  }
  return table.toString();
}

function slotsBar(running: number, slots: number): string {
  const shown = Math.min(slots, 12);
  const used = Math.min(shown, Math.ceil((running / slots) * shown));
  return `${pc.green('■'.repeat(used))}${pc.dim('□'.repeat(shown - used))} ${running}/${slots}`;
}

function totalsLine(stats: PoolStats, { perSecond }: Progress): string {
  const { intake, yard, mailbox, running } = stats.tasks;
  const depths = `intake ${intake}  yard ${yard}  mailboxes ${mailbox}  running ${running}`;
  return `${pc.bold(`${Math.round(perSecond)} tasks/s`)}  ${warmShare(stats)} warm  ${waitsOf(stats)}  ${pc.dim(depths)}`;
}

function bar(state: Progress): string {
  const options = {
    ...progress.Presets.shades_classic,
    barsize: 40,
    barCompleteString: '█'.repeat(40),
    barIncompleteString: '░'.repeat(40),
    formatValue: (value: number) => String(value),
    formatTime: (value: number) => String(value),
    autopadding: false,
  } as unknown as progress.Options;
  const filled = progress.Format.BarFormat(state.total === 0 ? 0 : state.done / state.total, options);
  return `${filled} ${state.done}/${state.total}  ${Math.round(state.seconds)} s`;
}

/** Share of agents' tasks that ran where their agent's previous task ran, first tasks left out. */
export function warmShare({ warm, cold, bound }: PoolStats): string {
  const followUps = warm + Math.max(0, cold - (bound.new ?? 0));
  return followUps === 0 ? '-' : `${((100 * warm) / followUps).toFixed(1)} %`;
}

/** Median and 99th percentile of the waits, as upper bounds of their histogram buckets. */
export function waitsOf({ waits }: PoolStats): string {
  return `wait p50 ${quantile(waits, 0.5)} p99 ${quantile(waits, 0.99)}`;
}

function quantile(waits: readonly number[], share: number): string {
  const total = waits.reduce((sum, count) => sum + count, 0);
  if (total === 0) return '-';
  let below = 0;
  const index = waits.findIndex((count) => {
    below += count;
    return below >= share * total;
  });
  const boundMs = waitBoundsMs[index];
  return boundMs === undefined ? `> ${waitBoundsMs.at(-1)} ms` : `<= ${boundMs} ms`;
}
