import type { Schedule, ScheduleOptions, Timing } from '@shunt/sdk';
import type { Command } from 'commander';
import { type ConfirmOptions, confirm, withYes } from '../confirm.js';
import { jsonOf } from '../json-input.js';
import { type OrdererOptions, withOrderer } from '../orderer.js';
import { type OutputOptions, tell, withOutput } from '../output.js';
import { withClient } from '../pool-command.js';
import { textTable } from '../text-table.js';

interface UpsertOptions extends OutputOptions, OrdererOptions {
  readonly every?: string;
  readonly cron?: string;
  readonly tz?: string;
  readonly input: string;
  readonly agent?: string;
  readonly options?: string;
}

type RemoveOptions = OutputOptions & OrdererOptions & ConfirmOptions;

/** Adds `schedules ls`, `upsert` and `rm`. */
export function addSchedules(schedules: Command): void {
  const command = (words: string, about: string) => withOutput(schedules.command(words).description(about));
  command('ls', 'schedules, soonest first').action((options: OutputOptions) =>
    withClient(options, async (client) => print(await client.schedules.list(), options)),
  );
  withOrderer(command('upsert <id> <task>', 'make a schedule, or replace it'))
    .option('--every <duration>', 'time between its tasks, such as 15m')
    .option('--cron <expression>', "when they are due, such as '0 9 * * 1-5'")
    .option('--tz <zone>', 'time zone of --cron, such as Europe/Berlin; UTC unless told')
    .option('-i, --input <json>', 'input as JSON, @file or - for stdin', 'null')
    .option('--agent <id>', 'the agent that they belong to')
    .option('--options <json>', 'further options of enqueue, such as {"attempts":3}')
    .action((id: string, task: string, options: UpsertOptions) => {
      const { every, cron, tz, agent, by, reason } = options;
      const given = Object.entries({ every: every && asNumber(every), cron, tz }).filter(
        ([, value]) => value !== undefined,
      );
      const own = (options.options === undefined ? {} : jsonOf('--options', options.options)) as ScheduleOptions;
      return withClient(options, async (client) => {
        const timing = Object.fromEntries(given) as unknown as Timing;
        const all = { ...own, ...(agent === undefined ? {} : { agentId: agent }), by, reason };
        print([await client.schedules.upsert(id, timing, task, jsonOf('--input', options.input), all)], options);
      });
    });
  withYes(withOrderer(command('rm <id>', 'end a schedule'))).action(async (id: string, options: RemoveOptions) => {
    const { by, reason } = options;
    await confirm(`end schedule ${id}`, options);
    await withClient(options, async (client) => {
      const isGone = await client.schedules.remove(id, { by, reason });
      tell({ id, isGone }, options, () => (isGone ? `schedule ${id} has ended` : `there is no schedule ${id}`));
      if (!isGone) process.exitCode = 1;
    });
  });
}

function print(schedules: readonly Schedule[], options: OutputOptions): void {
  tell(schedules, options, () => tableOf(schedules));
}

function tableOf(schedules: readonly Schedule[]): string {
  const rows = schedules.map(({ id, task, agentId, everyMs, cron, tz, nextAt, firings }) => {
    const when = cron ?? `every ${everyMs} ms`;
    return [id, task, agentId ?? '-', when, tz ?? '-', new Date(nextAt).toISOString(), firings];
  });
  return textTable(['schedule', 'task', 'agent', 'when', 'zone', 'next', 'made'], rows);
}

function asNumber(text: string): string | number {
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}
