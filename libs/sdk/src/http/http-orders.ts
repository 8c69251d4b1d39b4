import {
  type AgentPage,
  type AlertStatus,
  type ConfigChanges,
  type DrainProgress,
  type EvictionPlan,
  invalidInput,
  invalidTask,
  type ScaleStatus,
  type TaskState,
  type VersionedConfig,
} from '@shunt/lanes';
import type { AgentStatus, ListAgentsOptions, PinOptions } from '../client/agents.js';
import type { SetConfigOptions } from '../client/pool.js';
import type { ShuntClient, WorkerSummary } from '../client/shunt-client.js';
import { assertAgentId, assertWorkerId } from '../input/ids.js';
import { assertOrderOptions, type OrderOptions } from '../input/order-options.js';
import { assertOrder } from '../plans/agent-plan.js';
import type { ConfigPlan } from '../plans/config-plan.js';
import type { ScalePlan } from '../plans/scale-plan.js';
import type { Api, ApiRequest } from './api.js';
import { unlessMissing } from './problem.js';

/** Sends a request with the client's deadline. */
export type Ask = <T>(request: ApiRequest) => Promise<T>;

/** Makes it. */
export function askBy(api: Api, timeoutMs: number): Ask {
  return (request) => api.call(performance.now() + timeoutMs, request);
}

const part = encodeURIComponent;

/** What an operator may do with agents, over HTTP. */
export function httpAgents(ask: Ask): ShuntClient['agents'] {
  type Method = 'PUT' | 'POST' | 'DELETE';
  const order = <T>(method: Method, id: string, verb: string, body: object = {}, query: ApiRequest['query'] = {}) => {
    assertAgentId(id);
    return ask<T>({ method, path: `/agents/${part(id)}/${verb}`, query, body });
  };
  const plan = async (...asked: [Method, string, string, object?]) => {
    const [method, id, verb, body] = asked;
    return (await order<{ would: string }>(method, id, verb, body, { dryRun: 'true' })).would;
  };
  return {
    list: ({ worker, limit, cursor }: ListAgentsOptions = {}) =>
      ask<AgentPage>({ path: '/agents', query: { worker, limit, cursor } }),
    get: async (id) => {
      assertAgentId(id);
      const path = `/agents/${part(id)}`;
      const nothing = { id, home: null, fence: 0, current: null, waiting: 0, pin: null, paused: null };
      const found = await ask<Omit<AgentStatus, 'task'> & { current: string | null }>({ path }).catch(
        unlessMissing(nothing),
      );
      const { home, fence, current, waiting, pin, paused } = found;
      const task = current === null ? null : await taskOf(ask, current);
      return { id, home, fence, task, waiting, pin, paused };
    },
    plan: async (id, wanted) => {
      assertOrder(wanted);
      const { order: verb, ...body } = wanted;
      if ('worker' in body) assertWorkerId(body.worker);
      if (verb === 'pin') return plan('PUT', id, 'pin', body);
      return verb === 'unpin' ? plan('DELETE', id, 'pin') : plan('POST', id, verb, body);
    },
    pin: async (id, worker, { by, reason, ...options }: PinOptions = {}) => {
      assertWorkerId(worker);
      await order('PUT', id, 'pin', { worker, ...options, ...saying({ by, reason }) });
    },
    unpin: async (id, options) => (await order<{ wasPinned: boolean }>('DELETE', id, 'pin', saying(options))).wasPinned,
    release: async (id, options) => (await order<{ hadHome: boolean }>('POST', id, 'release', saying(options))).hadHome,
    move: async (id, worker, options) => {
      assertWorkerId(worker);
      await order('POST', id, 'move', { worker, ...saying(options) });
    },
    pause: async (id, options) =>
      !(await order<{ wasPaused: boolean }>('POST', id, 'pause', saying(options))).wasPaused,
    resume: async (id, options) =>
      (await order<{ wasPaused: boolean }>('POST', id, 'resume', saying(options))).wasPaused,
  };
}

/** What the body says of who and why: the dispatcher knows who. @throws ShuntError INVALID_INPUT, or as `refuse` makes it */
function saying(
  options: OrderOptions = {},
  refuse: typeof invalidTask | typeof invalidInput = invalidTask,
): { reason?: string | undefined } {
  assertOrderOptions(options, refuse);
  return { reason: options.reason };
}

async function taskOf(ask: Ask, id: string): Promise<AgentStatus['task']> {
  const missing: TaskState = { state: 'missing' };
  const { state, worker } = await ask<TaskState>({ path: `/tasks/${part(id)}` }).catch(unlessMissing(missing));
  return { id, state, ...(worker === undefined ? {} : { worker }) };
}

type WorkerBody = Omit<WorkerSummary, 'isDrained' | 'zone' | 'leaseUntilMs'> & {
  readonly state: string;
  readonly zone: string | null;
  readonly leaseUntil: number;
};

/** The workers of a pool, over HTTP. */
export function httpWorkers(ask: Ask): ShuntClient['workers'] {
  const at = (id: string) => {
    assertWorkerId(id);
    return `/workers/${part(id)}`;
  };
  const order = <T>(id: string, verb: string, body: object, query: ApiRequest['query'] = {}) =>
    ask<T>({ method: 'POST', path: `${at(id)}/${verb}`, query, body });
  return {
    list: async () => (await ask<{ workers: WorkerBody[] }>({ path: '/workers' })).workers.map(summaryOf),
    get: async (id) => summaryOf(await ask<WorkerBody>({ path: at(id) })),
    drainPlan: async (id) => {
      const { waiting, running, others } = await order<DrainProgress>(id, 'drain', {}, { dryRun: 'true' });
      return { waiting, running, others };
    },
    drain: async (id, options) => (await order<{ moved: number }>(id, 'drain', saying(options, invalidInput))).moved,
    undrain: async (id, options) => {
      await order(id, 'undrain', saying(options, invalidInput));
    },
    evictPlan: async (id) => {
      const { waiting, staying, running, others } = await order<EvictionPlan>(id, 'evict', {}, { dryRun: 'true' });
      return { waiting, staying, running, others };
    },
    evict: async (id, options) => (await order<{ moved: number }>(id, 'evict', saying(options, invalidInput))).moved,
    breakerPlan: async (id, order) => {
      const request = { method: 'PUT', path: `${at(id)}/breaker`, query: { dryRun: 'true' }, body: { order } } as const;
      return (await ask<{ would: string }>(request)).would;
    },
    setBreaker: async (id, order, options) => {
      await ask({ method: 'PUT', path: `${at(id)}/breaker`, body: { order, ...saying(options, invalidInput) } });
    },
  };
}

function summaryOf({
  id,
  state,
  isRoutable,
  breaker,
  slots,
  running,
  waiting,
  weight,
  zone,
  labels,
  host,
  pid,
  leaseUntil,
}: WorkerBody): WorkerSummary {
  const facts = {
    id,
    isRoutable,
    isDrained: state === 'drained',
    breaker,
    slots,
    running,
    waiting,
    weight,
    labels,
    host,
    pid,
  };
  return { ...facts, leaseUntilMs: leaseUntil, ...(zone === null ? {} : { zone }) };
}

/** What is wrong with a pool, over HTTP. */
export function httpAlerts(ask: Ask): ShuntClient['alerts'] {
  return { list: async () => (await ask<{ alerts: AlertStatus[] }>({ path: '/alerts' })).alerts };
}

/** What a pool is told and how many workers it has, over HTTP. */
export function httpPool(ask: Ask, pool: string): ShuntClient['pool'] {
  const path = `/pools/${part(pool)}`;
  const versioned = ({ config, configVersion }: PoolBody): VersionedConfig => ({ version: configVersion, config });
  const scale = `${path}/scale`;
  const change = <T>(
    changes: ConfigChanges,
    { ifVersion, ...options }: SetConfigOptions,
    query: ApiRequest['query'] = {},
  ) => {
    const headers: Record<string, string> = ifVersion === undefined ? {} : { 'if-match': `"${ifVersion}"` };
    const body = { config: changes, ...saying(options, invalidInput) };
    return ask<T>({ method: 'PATCH', path, query, headers, body });
  };
  return {
    scale: async () => {
      const { pool: _, ...status } = await ask<ScaleStatus & { pool: string }>({ path: scale });
      return status;
    },
    scalePlan: async (workers) => {
      const request = { method: 'PUT', path: scale, query: { dryRun: 'true' }, body: { workers } } as const;
      const { pool: _, ...plan } = await ask<ScalePlan & { pool: string }>(request);
      return plan;
    },
    setScale: async (workers, options) => {
      await ask({ method: 'PUT', path: scale, body: { workers, ...saying(options, invalidInput) } });
    },
    getConfig: async () => versioned(await ask<PoolBody>({ path })),
    setConfig: async (changes: ConfigChanges, options: SetConfigOptions = {}) =>
      versioned(await change<PoolBody>(changes, options)),
    configPlan: async (changes: ConfigChanges, options: SetConfigOptions = {}): Promise<ConfigPlan> => {
      const told = await change<PoolBody & { would: string }>(changes, options, { dryRun: 'true' });
      return { ...versioned(told), would: told.would };
    },
  };
}

interface PoolBody {
  readonly config: VersionedConfig['config'];
  readonly configVersion: number;
}
