import { durationProblem, maxTimerMs } from '@shunt/input';
import { type EnqueueOptions, invalidInput, type Shunt, type TaskEnding, type TaskHandle } from '@shunt/sdk';
import type { Command } from 'commander';
import { jsonOf } from '../json-input.js';
import { type OutputOptions, tell, tellEntry, withOutput } from '../output.js';
import { withClient } from '../pool-command.js';

interface EnqueueCommandOptions extends OutputOptions {
  readonly input: string;
  readonly agent?: string;
  readonly id?: string;
  readonly options?: string;
  readonly wait?: boolean;
  readonly follow?: boolean;
  readonly timeout: string;
}

/** Adds `enqueue`. */
export function addEnqueue(command: Command): void {
  withOutput(command)
    .argument('<task>')
    .option('-i, --input <json>', 'input as JSON, @file or - for stdin', 'null')
    .option('--agent <id>', 'the agent it belongs to')
    .option('--id <id>', 'repeating the command with it makes no second task')
    .option('--options <json>', 'further options, such as {"attempts":3}; JSON, @file or -')
    .option('--wait', 'wait for its result and print that')
    .option('--follow', 'print what happens to it until it has ended')
    .option('--timeout <duration>', 'how long to wait for its result', '10m')
    .action((task: string, options: EnqueueCommandOptions) =>
      withClient(options, (client) => enqueue(client, task, options)),
    );
}

async function enqueue(client: Shunt, task: string, options: EnqueueCommandOptions): Promise<void> {
  const { agent, id, timeout } = options;
  const problem = durationProblem(timeout, { maxMs: maxTimerMs });
  if (problem !== null) throw invalidInput([{ field: '--timeout', message: problem }]);
  const own = (options.options === undefined ? {} : jsonOf('--options', options.options)) as EnqueueOptions;
  const named = { ...(agent === undefined ? {} : { agentId: agent }), ...(id === undefined ? {} : { id }) };
  const handle = await client.enqueue(task, jsonOf('--input', options.input), { ...own, ...named });
  const { deduplicated } = handle;
  const said = `task ${handle.id} ${deduplicated ? 'was there already' : 'is enqueued'}`;
  if (!options.wait && !options.follow) return tell({ id: handle.id, deduplicated }, options, () => said);
  // Not on stdout, which is for its result and its events.
  if (options.output === 'table') console.error(said);
  if (options.follow) return follow(handle, options);
  tellEnding(handle, await handle.ended({ wait: timeout }), options);
}

async function follow(handle: TaskHandle, options: EnqueueCommandOptions): Promise<void> {
  for await (const event of handle.events()) {
    const { type, data, value = data } = event;
    tellEntry({ task: handle.id, ...event }, options, () => `${type} ${JSON.stringify(value)}`);
  }
  const ended = await handle.ended();
  if (ended?.outcome !== 'completed') process.exitCode = 1;
}

function tellEnding(handle: TaskHandle, ended: TaskEnding | null, options: EnqueueCommandOptions): void {
  const told = { id: handle.id, ...(ended ?? { outcome: null }) };
  tell(told, options, () => {
    if (ended === null) return `task ${handle.id} has not ended within ${options.timeout}`;
    return ended.outcome === 'completed'
      ? JSON.stringify(ended.value)
      : `task ${handle.id} ${ended.outcome}: ${ended.reason}`;
  });
  if (ended?.outcome !== 'completed') process.exitCode = 1;
}
