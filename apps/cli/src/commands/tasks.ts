import {
  invalidInput,
  type ListedTask,
  type ListTasksOptions,
  type Shunt,
  ShuntError,
  type TaskHandle,
} from '@shunt/sdk';
import type { Command } from 'commander';
import { type ConfirmOptions, confirm, withYes } from '../confirm.js';
import { wholeNumber } from '../numbers.js';
import { type OrdererOptions, withOrderer } from '../orderer.js';
import { moment, type OutputOptions, tell, withOutput } from '../output.js';
import { withClient } from '../pool-command.js';
import { textTable } from '../text-table.js';

interface ListOptions extends OutputOptions {
  readonly agent?: string;
  readonly state?: string;
  readonly worker?: string;
  readonly limit: number;
  readonly cursor?: string;
}

interface CancelOptions extends OutputOptions, ConfirmOptions, OrdererOptions {
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

interface RetryOptions extends OutputOptions, OrdererOptions {
  readonly dryRun?: boolean;
}

/** Adds `tasks ls`, `get`, `explain`, `cancel` and `retry`. */
export function addTasks(tasks: Command): void {
  const one = <Options extends OutputOptions>(
    words: string,
    about: string,
    act: (task: TaskHandle, options: Options) => Promise<void>,
  ) =>
    withOutput(tasks.command(words).description(about)).action((id: string, options: Options) =>
      withClient(options, (client) => act(client.task(id), options)),
    );
  withOutput(tasks.command('ls').description('tasks: those that wait oldest first, those that ended newest first'))
    .option('--agent <id>', 'only of this agent; the only way to see mailboxes')
    .option('--state <state>', 'intake, lane, yard, running, delayed, completed or failed')
    .option('--worker <id>', 'only what waits in its lane or runs on it')
    .option('--limit <n>', 'most tasks', wholeNumber(1, 1000), 50)
    .option('--cursor <text>', 'go on where an answer ended')
    .action((options: ListOptions) => withClient(options, (client) => list(client, options)));
  one('get <id>', 'where a task is', get);
  one('explain <id>', 'why a task is there, and what to try', async (task, options) => {
    const { state, why, advice } = await task.explain();
    assertThere(task, state);
    tell({ id: task.id, state, why, advice }, options, () => [why, advice ?? ''].join('\n').trim());
  });
  const cancelling = one(
    'cancel <id>',
    'cancel a task; one that runs is aborted by its worker',
    async (task, options: CancelOptions) => {
      const { by, reason, force, dryRun } = options;
      if (!dryRun) await confirm(`cancel task ${task.id}`, options);
      const outcome = await (dryRun ? task.cancelPlan({ reason, force }) : task.cancel({ by, reason, force }));
      assertThere(task, outcome);
      tell({ id: task.id, outcome }, options, () => `task ${task.id}${dryRun ? ' would be' : ''}: ${outcome}`);
    },
  );
  withYes(cancelling)
    .option('--by <name>', 'who asks, for the journal', 'cli')
    .option('--reason <text>', 'why, as its failedReason and the journal are to say')
    .option('--force', 'end one that runs at once; its agent waits until the handler has ended')
    .option('--dry-run', 'only tell what it would meet');
  const retrying = one('retry <id>', 'run a failed or cancelled task again', async (task, options: RetryOptions) => {
    const { by, reason, dryRun } = options;
    const met = await (dryRun ? task.retryPlan() : task.retry({ by, reason }).then((outcome) => ({ outcome })));
    assertThere(task, met.outcome);
    tell({ id: task.id, ...met }, options, () => `task ${task.id}: ${'would' in met ? met.would : met.outcome}`);
    if (met.outcome !== 'retried') process.exitCode = 1;
  });
  withOrderer(retrying).option('--dry-run', 'only tell what that would do');
}

async function list(client: Shunt, options: ListOptions): Promise<void> {
  const { agent, state, worker, limit, cursor, output } = options;
  if (state === 'mailbox' && agent === undefined)
    throw invalidInput([
      { field: '--state', message: 'mailbox needs --agent <id>: it tells the mailbox of one agent' },
    ]);
  const wanted = { agentId: agent, state, worker, limit, cursor } as ListTasksOptions;
  const page = await client.listTasks(wanted);
  const value = output === 'jsonl' ? page.tasks : page;
  tell(value, options, () => {
    const more = page.cursor === null ? '' : `\nmore: --cursor ${page.cursor}`;
    return `${tableOf(page.tasks)}${more}`;
  });
}

function assertThere({ id }: TaskHandle, met: string | undefined): void {
  if (met === 'missing') throw new ShuntError('NOT_FOUND', `there is no task ${id}`, { details: { task: id } });
}

async function get(task: TaskHandle, options: OutputOptions): Promise<void> {
  const { id } = task;
  const status = await task.status();
  assertThere(task, status.state);
  tell(status, options, () => {
    const { agentId, state, worker, attemptsMade, enqueuedAt, startedAt, finishedAt, failedReason, metadata } = status;
    const times = [enqueuedAt, startedAt, finishedAt].map(moment);
    const row = [
      id,
      agentId ?? '-',
      state,
      worker ?? '-',
      attemptsMade,
      ...times,
      notesOf(metadata),
      failedReason ?? '-',
    ];
    return textTable(
      ['task', 'agent', 'state', 'worker', 'attempts', 'enqueued', 'started', 'finished', 'metadata', 'why'],
      [row],
    );
  });
}

function notesOf(metadata: Readonly<Record<string, string>>): string {
  return (
    Object.entries(metadata)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ') || '-'
  );
}

function tableOf(tasks: readonly ListedTask[]): string {
  const rows = tasks.map(({ id, name, agentId, state, worker, attemptsMade, enqueuedAt, failedReason }) => {
    const where = [id, name, agentId ?? '-', state, worker ?? '-'];
    return [...where, attemptsMade, moment(enqueuedAt), failedReason ?? '-'];
  });
  return textTable(['task', 'name', 'agent', 'state', 'worker', 'attempts', 'enqueued', 'why'], rows);
}
