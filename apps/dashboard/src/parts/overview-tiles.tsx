import type { LiveWorker, Overview } from '../api/types.js';
import { placeOf } from '../findings.js';
import { count, duration, percent, rate } from '../format.js';
import { Tile } from './tile.js';

/** The figures of the overview. */
export function OverviewTiles({ now, workers }: { readonly now: Overview; readonly workers: readonly LiveWorker[] }) {
  const { tasks, oldest, wait, errorRatio, run } = now;
  const up = workers.filter(({ state }) => state === 'up');
  const slots = up.reduce((sum, one) => sum + one.slots, 0);
  const waiting = tasks.intake + tasks.yard + tasks.lane + tasks.mailbox;
  const ageMs = oldest?.ageMs ?? 0;
  return (
    <dl className="tiles">
      <Tile
        label="Working"
        value={`${tasks.running} / ${slots}`}
        note={`slots of ${up.length} of ${workers.length} workers`}
        level={up.length === 0 ? 'bad' : up.length < workers.length ? 'warn' : 'plain'}
      />
      <Tile label="Done" value={`${rate(now.completedPerSecond)} /s`} note={`in ${rate(now.enqueuedPerSecond)} /s`} />
      <Tile
        label="Oldest waits"
        value={oldest === null ? '0 ms' : duration(ageMs)}
        note={oldest === null ? 'nothing waits for a worker' : `in ${placeOf(oldest)}`}
        level={ageMs > 60_000 ? 'bad' : ageMs > 10_000 ? 'warn' : 'plain'}
      />
      <Tile
        label="Wait p50 / p99"
        value={wait === null ? '-' : `${duration(wait.p50Ms)} / ${duration(wait.p99Ms)}`}
        note="at most, over 10 s"
        level={wait !== null && wait.p99Ms >= 5000 ? 'warn' : 'plain'}
      />
      <Tile
        label="Run"
        value={duration(run?.meanMs)}
        note={run === null ? 'mean of an attempt' : `mean; p99 at most ${duration(run.p99Ms)}`}
      />
      <Tile
        label="Errors"
        value={percent(errorRatio)}
        note={`${rate(now.failedPerSecond)} failed attempts /s`}
        level={errorRatio !== null && errorRatio > 0.05 ? 'bad' : 'plain'}
      />
      <Tile
        label="Waiting"
        value={count(waiting)}
        note={`lanes ${count(tasks.lane)}, mailboxes ${count(tasks.mailbox)}, yard ${count(tasks.yard)}, intake ${count(tasks.intake)}`}
      />
      <Tile label="Delayed" value={count(tasks.delayed)} note="due later, or retried later" />
    </dl>
  );
}
