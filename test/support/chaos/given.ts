import { Command, InvalidArgumentError } from 'commander';

/** What `npm run chaos` is told. */
export interface Given {
  readonly minutes: number;
  readonly seed: number;
  readonly workers: number;
  readonly dispatchers: number;
  readonly agents: number;
  /** Part of the names of the faults to inject. */
  readonly only: string;
}

const number = (min: number, max: number, isWhole: boolean) => (text: string) => {
  const value = Number(text);
  if (value >= min && value <= max && (!isWhole || Number.isInteger(value))) return value;
  throw new InvalidArgumentError(`must be a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}.`);
};

/** The command line of `npm run chaos`. */
export function chaosProgram(): Command {
  return new Command('chaos')
    .description(
      'A pool of real processes under load while they, Redis and their network are broken by a seeded schedule',
    )
    .option('--minutes <n>', 'how long faults are injected', number(0.1, 1440, false), 1)
    .option('--seed <n>', 'repeats a schedule', number(0, 2 ** 31 - 1, true), 1)
    .option('--workers <n>', 'worker processes', number(2, 64, true), 6)
    .option('--dispatchers <n>', 'dispatcher processes', number(1, 8, true), 2)
    .option('--agents <n>', 'agents that tasks belong to', number(1, 100_000, true), 64)
    .option('--only <name>', 'part of the names of the faults to inject', '');
}

/** The command that repeats a run, schedule and shape. */
export function commandOf({ minutes, seed, workers, dispatchers, agents, only }: Given): string {
  const shape = `--workers ${workers} --dispatchers ${dispatchers} --agents ${agents}`;
  return `npm run chaos -- --minutes ${minutes} --seed ${seed} ${shape}${only === '' ? '' : ` --only '${only}'`}`;
}
