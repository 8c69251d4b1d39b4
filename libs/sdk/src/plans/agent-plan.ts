import { type Duration, durationMs } from '@shunt/input';
import { type AgentStatus, invalidTask } from '@shunt/lanes';

/** What an operator would have done with an agent. */
export type AgentOrder =
  | {
      readonly order: 'pin';
      readonly worker: string;
      readonly soft?: boolean | undefined;
      readonly ttl?: Duration | undefined;
    }
  | { readonly order: 'move'; readonly worker: string }
  | { readonly order: 'unpin' }
  | { readonly order: 'release' }
  | { readonly order: 'pause' }
  | { readonly order: 'resume' };

const orders: readonly string[] = [
  'pin',
  'move',
  'unpin',
  'release',
  'pause',
  'resume',
] satisfies AgentOrder['order'][];

/** @throws ShuntError INVALID_TASK naming order */
export function assertOrder({ order }: AgentOrder): void {
  if (orders.includes(order)) return;
  throw invalidTask([{ field: 'order', message: `must be one of ${orders.join(', ')}` }]);
}

/** What it goes by. */
export interface OrderFacts {
  readonly agent: Omit<AgentStatus, 'fence'>;
  /** Whether the worker that is named may receive. */
  readonly isRoutable: boolean;
}

/** Says in a few words what an order would do, as things are. */
export function agentPlan(order: AgentOrder, { agent, isRoutable }: OrderFacts): string {
  switch (order.order) {
    case 'unpin':
      return unpinPlan(agent);
    case 'release':
      return releasePlan(agent);
    case 'pause':
      return pausePlan(agent);
    case 'resume':
      return resumePlan(agent);
    case 'move':
      return `${wayTo(order.worker, agent)}, and may move on after that.${repins(agent)}${late(isRoutable, order.worker, true)}`;
    case 'pin': {
      const { worker, soft, ttl } = order;
      const others = soft ? 'while that takes tasks' : 'and no other';
      const time = ttl === undefined ? 'until it is unpinned' : `for ${durationMs(ttl)} ms`;
      return `${wayTo(worker, agent)} ${others}, ${time}.${repins(agent)}${late(isRoutable, worker, soft)}`;
    }
  }
}

const nothing = 'nothing would change';

function unpinPlan({ pin, home }: OrderFacts['agent']): string {
  if (pin === null) return `It is not pinned: ${nothing}.`;
  return `Its tasks would go anywhere again, no more to ${pin.worker}; its home stays ${home ?? 'none'}.`;
}

function releasePlan({ home, task, pin, waiting }: OrderFacts['agent']): string {
  if (home === null) return `It has no home: ${nothing}.`;
  const goal = pin === null ? 'wherever there is room' : `on ${pin.worker}, where it is pinned`;
  const running = task?.state === 'running' ? ` Task ${task.id} would end there first.` : '';
  return `${home} would close its state, so that its next task starts cold, ${goal}; in its mailbox: ${waiting}.${running}`;
}

function pausePlan({ paused, task, waiting }: OrderFacts['agent']): string {
  if (paused !== null) return `It was paused by ${paused.by}: ${nothing}.`;
  const before = task?.state === 'running' ? ` Task ${task.id} would end on ${task.worker} first.` : '';
  return `Its tasks would wait, in order, also those that come, until it is resumed; in its mailbox: ${waiting}.${before}`;
}

function resumePlan({ paused, waiting }: OrderFacts['agent']): string {
  if (paused === null) return `It is not paused: ${nothing}.`;
  return `Its tasks would go on at once, in order; in its mailbox: ${waiting}.`;
}

/** The way of its tasks to a worker. */
function wayTo(worker: string, { task }: OrderFacts['agent']): string {
  if (task?.state === 'running' && task.worker !== worker)
    return `Task ${task.id} would end on ${task.worker}, and its next task would go to ${worker}`;
  if (task?.state === 'yard' || (task?.state === 'lane' && task.worker !== worker))
    return `Task ${task.id} would leave the ${task.state} at once, and its tasks would go to ${worker}`;
  return `Its next task would go to ${worker}`;
}

function repins({ pin }: OrderFacts['agent']): string {
  return pin === null ? '' : ` The pin to ${pin.worker} would end.`;
}

function late(isRoutable: boolean, worker: string, mayOthers = false): string {
  if (isRoutable) return '';
  return ` ${worker} may not receive now: ${mayOthers ? 'others would run them until it may' : 'they would wait for it'}.`;
}
