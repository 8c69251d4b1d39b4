import { BucketCounts } from '@shunt/health';

/** Upper bounds of the histogram of how long attempts take, in ms; a last bucket holds everything above. */
export const runBoundsMs = [10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000] as const;

/** How long the attempts at tasks of one name took. */
export interface RunTimes {
  /** Number of attempts per bucket of {@link runBoundsMs}, then those above. */
  readonly counts: readonly number[];
  /** All of them together, in whole ms. */
  readonly sumMs: number;
}

/** Most task names that are told apart, by a worker and by a pool: a label of a metric must not grow with what producers think of. */
export const maxRunNames = 20;
/** Stands for the names beyond. */
const rest = 'other';
/** Longest name that is told; longer ones are cut. */
const maxNameChars = 64;

/** Counts how long attempts take, by task name. */
export class RunCounters {
  private readonly byName = new Map<string, BucketCounts>();

  /** An attempt at a task of this name took so long, however it ended. */
  took(task: string, ms: number): void {
    this.timesOf(task.slice(0, maxNameChars)).add(ms, Math.round(ms));
  }

  /** What there is by now. */
  counts(): Readonly<Record<string, RunTimes>> {
    return Object.fromEntries(
      [...this.byName].map(([name, { counts, sumMs }]) => [name, { counts: [...counts], sumMs }]),
    );
  }

  private timesOf(task: string): BucketCounts {
    const name = this.byName.has(task) || this.byName.size < maxRunNames ? task : rest;
    const known = this.byName.get(name);
    if (known) return known;
    const fresh = new BucketCounts(runBoundsMs);
    this.byName.set(name, fresh);
    return fresh;
  }
}

/** Reads a pool's run times from its totals, where heartbeats add them up as `run:<bucket>:<name>` and `run:ms:<name>`. */
export function runsOfTotals(totals: Readonly<Record<string, string>>): Readonly<Record<string, RunTimes>> {
  const names = Object.keys(totals).flatMap((field) => /^run:ms:(.*)$/s.exec(field)?.[1] ?? []);
  const read = (field: string) => Number(totals[field] ?? 0);
  return Object.fromEntries(
    names.sort().map((name) => {
      const counts = [...runBoundsMs, 0].map((_, i) => read(`run:${i}:${name}`));
      return [name, { counts, sumMs: read(`run:ms:${name}`) }];
    }),
  );
}

/** Run times of all names together. */
export function allRuns(runs: Readonly<Record<string, RunTimes>>): RunTimes {
  return together(Object.values(runs), runBoundsMs);
}

/** Several counts by the same bounds as one. */
export function together(each: readonly RunTimes[], boundsMs: readonly number[]): RunTimes {
  return {
    counts: [...boundsMs, 0].map((_, i) => each.reduce((sum, { counts }) => sum + (counts[i] ?? 0), 0)),
    sumMs: each.reduce((sum, { sumMs }) => sum + sumMs, 0),
  };
}
