import type { AgentStatus, Agents } from '@shunt/sdk';
import Table from 'cli-table3';
import { type Command, Option } from 'commander';
import { type PoolOptions, withClient, withPool } from './pool-command.js';

interface AgentOptions extends PoolOptions {
  readonly output: 'table' | 'json';
}

interface PinOptions extends AgentOptions {
  readonly ttl?: string;
  readonly soft?: boolean;
}

/** Adds `agents get`, `pin`, `unpin`, `release` and `move`. */
export function addAgents(program: Command): void {
  const agents = program.command('agents').description('see single agents of a pool, and say where they run');
  const command = (words: string, about: string) =>
    withPool(agents.command(words).description(about)).addOption(
      new Option('-o, --output <form>', 'how to print').choices(['table', 'json']).default('table'),
    );
  command('get <id>', 'where an agent is, what it does and what waits').action((id: string, options: AgentOptions) =>
    tell(id, options, async () => undefined),
  );
  command('pin <id> <worker>', "have an agent's tasks go to one worker only")
    .option('--ttl <duration>', 'how long, such as 30m; until unpin unless told')
    .option('--soft', 'let others run it while that worker takes nothing')
    .action((id: string, worker: string, options: PinOptions) =>
      tell(id, options, async (all) => {
        await all.pin(id, worker, { ttl: options.ttl, soft: options.soft });
        return `agent ${id} is pinned to worker ${worker}`;
      }),
    );
  command('unpin <id>', "let an agent's tasks go anywhere again").action((id: string, options: AgentOptions) =>
    tell(id, options, async (all) => `agent ${id} ${(await all.unpin(id)) ? 'is pinned no more' : 'was not pinned'}`),
  );
  command('release <id>', 'take an agent from its home').action((id: string, options: AgentOptions) =>
    tell(id, options, async (all) => `agent ${id} ${(await all.release(id)) ? 'has left its home' : 'had no home'}`),
  );
  command('move <id> <worker>', 'bring an agent to a worker once').action(
    (id: string, worker: string, options: AgentOptions) =>
      tell(id, options, async (all) => {
        await all.move(id, worker);
        return `agent ${id} goes to worker ${worker} with its next task`;
      }),
  );
}

/** Does something with an agent and says what, or how the agent stands after it. */
async function tell(id: string, options: AgentOptions, act: (agents: Agents) => Promise<string | undefined>) {
  await withClient(options, async ({ agents }) => {
    const said = await act(agents);
    if (options.output === 'json') console.log(JSON.stringify(await agents.get(id), null, 2));
    else console.log(said ?? tableOf(await agents.get(id)));
  });
}

function tableOf({ id, home, fence, task, waiting, pin }: AgentStatus): string {
  const table = new Table({ head: ['agent', 'home', 'fence', 'task', 'state', 'behind it', 'pinned to', 'until'] });
  const until = pin?.untilMs ? new Date(pin.untilMs).toISOString() : 'unpin';
  table.push([
    id,
    home ?? '-',
    fence ?? '-',
    task?.id ?? '-',
    task?.state ?? 'idle',
    waiting,
    pin ? `${pin.worker} (${pin.kind})` : '-',
    pin ? until : '-',
  ]);
  return table.toString();
}
