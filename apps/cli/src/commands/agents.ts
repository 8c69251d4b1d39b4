import type { AgentOrder, AgentStatus, Agents, ListedAgent } from '@shunt/sdk';
import type { Command } from 'commander';
import { wholeNumber } from '../numbers.js';
import { type OrdererOptions, withOrderer } from '../orderer.js';
import { moment, type OutputOptions, tell as print, withOutput } from '../output.js';
import { withClient } from '../pool-command.js';
import { textTable } from '../text-table.js';

interface ListOptions extends OutputOptions {
  readonly worker?: string;
  readonly limit: number;
  readonly cursor?: string;
}

interface OrderOptions extends OutputOptions, OrdererOptions {
  readonly dryRun?: boolean;
}

interface PinOptions extends OrderOptions {
  readonly ttl?: string;
  readonly soft?: boolean;
}

/** Adds `agents ls`, `get`, `pin`, `unpin`, `release`, `move`, `pause` and `resume`. */
export function addAgents(agents: Command): void {
  const command = (words: string, about: string) => withOutput(agents.command(words).description(about));
  command('ls', 'agents that the pool knows, in no order')
    .option('--worker <id>', 'only those whose home it is')
    .option('--limit <n>', 'about so many', wholeNumber(1, 1000), 50)
    .option('--cursor <text>', 'go on where an answer ended')
    .action(list);
  command('get <id>', 'where an agent is, what it does and what waits').action((id: string, options: OutputOptions) =>
    tell(id, options, async () => undefined),
  );
  const order = (words: string, about: string) =>
    withOrderer(command(words, about)).option('--dry-run', 'only tell what that would do');
  order('pin <id> <worker>', "have an agent's tasks go to one worker only")
    .option('--ttl <duration>', 'how long, such as 30m; until unpin unless told')
    .option('--soft', 'let others run it while that worker takes nothing')
    .action((id: string, worker: string, { ttl, soft, ...options }: PinOptions) =>
      give(id, { order: 'pin', worker, ttl, soft }, options, async (all) => {
        await all.pin(id, worker, { ttl, soft, ...ordererOf(options) });
        return `agent ${id} is pinned to worker ${worker}`;
      }),
    );
  order('unpin <id>', "let an agent's tasks go anywhere again").action((id: string, options: OrderOptions) =>
    give(id, { order: 'unpin' }, options, async (all) =>
      (await all.unpin(id, ordererOf(options))) ? `agent ${id} is pinned no more` : `agent ${id} was not pinned`,
    ),
  );
  order('release <id>', 'take an agent from its home').action((id: string, options: OrderOptions) =>
    give(id, { order: 'release' }, options, async (all) =>
      (await all.release(id, ordererOf(options))) ? `agent ${id} has left its home` : `agent ${id} had no home`,
    ),
  );
  order('move <id> <worker>', 'bring an agent to a worker once').action(
    (id: string, worker: string, options: OrderOptions) =>
      give(id, { order: 'move', worker }, options, async (all) => {
        await all.move(id, worker, ordererOf(options));
        return `agent ${id} goes to worker ${worker} with its next task`;
      }),
  );
  order('pause <id>', "have an agent's tasks wait").action((id: string, options: OrderOptions) =>
    give(id, { order: 'pause' }, options, async (all) =>
      (await all.pause(id, ordererOf(options))) ? `agent ${id} is paused` : `agent ${id} was paused`,
    ),
  );
  order('resume <id>', "let a paused agent's tasks go on").action((id: string, options: OrderOptions) =>
    give(id, { order: 'resume' }, options, async (all) =>
      (await all.resume(id, ordererOf(options))) ? `agent ${id} goes on` : `agent ${id} was not paused`,
    ),
  );
}

const ordererOf = ({ by, reason }: OrdererOptions) => ({ by, reason });

/** Does something with an agent and says what, or how the agent stands after it. */
async function tell(id: string, options: OutputOptions, act: (agents: Agents) => Promise<string | undefined>) {
  await withClient(options, async ({ agents }) => {
    const said = await act(agents);
    const status = await agents.get(id);
    print(status, options, () => said ?? tableOf(status));
  });
}

/** Carries an order out, or says what it would do. */
async function give(
  id: string,
  order: AgentOrder,
  { dryRun, ...options }: OrderOptions,
  act: (agents: Agents) => Promise<string>,
): Promise<void> {
  if (!dryRun) return tell(id, options, act);
  await withClient(options, async ({ agents }) => {
    const would = await agents.plan(id, order);
    print({ ...(await agents.get(id)), would }, options, () => would);
  });
}

async function list(options: ListOptions): Promise<void> {
  const { worker, limit, cursor, output } = options;
  const page = await withClient(options, ({ agents }) => agents.list({ worker, limit, cursor }));
  const value = output === 'jsonl' ? page.agents : page;
  print(value, options, () => `${listOf(page.agents)}${page.cursor === null ? '' : `\nmore: --cursor ${page.cursor}`}`);
}

function listOf(agents: readonly ListedAgent[]): string {
  const rows = agents.map(({ id, state, home, current, pin }) => [
    id,
    state,
    home ?? '-',
    current ?? '-',
    pin?.worker ?? '-',
  ]);
  return textTable(['agent', 'state', 'home', 'task', 'pinned to'], rows);
}

function tableOf({ id, home, fence, task, waiting, pin, paused }: AgentStatus): string {
  const until = pin?.untilMs ? moment(pin.untilMs) : 'unpin';
  const pinned = pin ? [`${pin.worker} (${pin.kind})`, until] : ['-', '-'];
  const pause = paused ? `by ${paused.by} since ${moment(paused.sinceMs)}` : '-';
  const row = [id, home ?? '-', fence ?? '-', task?.id ?? '-', task?.state ?? 'idle', waiting, ...pinned, pause];
  return textTable(['agent', 'home', 'fence', 'task', 'state', 'behind it', 'pinned to', 'until', 'paused'], [row]);
}
