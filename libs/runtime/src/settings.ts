import { strategies } from '@shunt/balancing';
import { breakerPresets } from '@shunt/health';
import { durationMs, durationProblem, isSentinelUrl, sentinelOptions, sentinelUrlForm, zoneProblem } from '@shunt/sdk';
import { z } from 'zod';
import { apiKeys } from './api-keys.js';
import { command, networks, targets } from './handler-settings.js';
import { factorWeights, labels, zoneDistances } from './pair-settings.js';

const text = (pattern: RegExp, message: string) => z.string().regex(pattern, message);
const whole = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((n) => n >= min && n <= max, message);
};
const duration = (minMs: number) =>
  z.string().transform((value, ctx) => {
    const read = /^\d+$/.test(value) ? Number(value) : value;
    const problem = durationProblem(read, { minMs });
    if (problem === null) return durationMs(read);
    ctx.addIssue({ code: 'custom', message: problem });
    return z.NEVER;
  });
const autoOr = <Type extends z.ZodType>(type: Type, message: string) =>
  z.union([z.literal('auto'), type], { error: message });
const strategyName = text(
  /^[\w.-]{1,64}$/,
  `must be the name of a strategy, such as ${Object.keys(strategies).join(', ')}`,
);
const rateMessage = 'must be a number above 0 and at most 1, such as 0.5';
const rate = text(/^\d(?:\.\d{1,6})?$/, rateMessage)
  .transform(Number)
  .refine((share) => share > 0 && share <= 1, rateMessage);
const breakers = [...Object.keys(breakerPresets), 'off'] as [keyof typeof breakerPresets, 'off'];
const weightMessage = 'must be a number above 0, such as 1 or 0.5';
const redisMessage = `must be a URL such as redis://127.0.0.1:6379 or ${sentinelUrlForm}`;
const isRedisUrl = (url: string) =>
  isSentinelUrl(url) ? sentinelOptions(url) !== null : /^rediss?:\/\/\S+$/.test(url) && URL.canParse(url);
const id = /^[A-Za-z0-9_.-]{1,64}$/;
const idMessage = 'must be 1 to 64 characters of A-Z, a-z, 0-9, dot, dash and underscore';
const token = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/;
const tokenMessage = 'must be a name of 1 to 64 characters, such as x-agent-id';
const setting = <Type extends z.ZodType, Default extends string | undefined>(
  type: Type,
  fallback: Default,
  about: string,
  isSecret = false,
) => ({ type, fallback, about, isSecret });

/** Every setting: its type, its default as text (undefined for none), and what it is for. */
export const settings = {
  SHUNT_REDIS_URL: setting(z.string().refine(isRedisUrl, redisMessage), 'redis://127.0.0.1:6379', 'Where Redis is'),
  SHUNT_SETTINGS: setting(
    z.string().min(1, 'must not be empty'),
    undefined,
    'File of settings, YAML or JSON, such as SHUNT_SLOTS: 8; flags and the environment win over it',
  ),
  SHUNT_POOL: setting(text(id, idMessage), 'agents', 'The pool: the BullMQ queue {<pool>}'),
  SHUNT_PREFIX: setting(
    text(/^[A-Za-z0-9_.-]{1,32}$/, 'must be 1 to 32 plain characters'),
    'shunt',
    'Prefix of all keys',
  ),
  SHUNT_HTTP_HOST: setting(
    text(/^[A-Za-z0-9.:_-]{1,253}$/, 'must be a host name or an address'),
    '127.0.0.1',
    'Address the own endpoints listen on',
  ),
  SHUNT_HTTP_PORT: setting(whole(0, 65_535), '7420', 'Port of the own endpoints; 0 for a free one'),
  SHUNT_API_KEYS: setting(
    apiKeys,
    undefined,
    'Who may use the HTTP API; without it only this machine may, and all of it',
  ),
  SHUNT_HTTP_RATE_LIMIT: setting(
    whole(1, 100_000_000),
    '600000',
    'Most requests a minute of one API key, or of this machine where none are set, to each dispatcher',
  ),
  SHUNT_AGENT_HEADER: setting(
    text(token, tokenMessage),
    'x-agent-id',
    'Header that names the agent of a POST /v1/tasks without options.agentId',
  ),
  SHUNT_AGENT_COOKIE: setting(text(token, tokenMessage), undefined, 'Cookie that names it where the header does not'),
  SHUNT_AGENT_BY_ADDRESS: setting(
    z.enum(['on', 'off'], 'must be on or off'),
    'off',
    "Whether the client's address is the agent where nothing else names one",
  ),
  SHUNT_TRUSTED_PROXIES: setting(
    networks,
    undefined,
    'Networks of proxies whose X-Forwarded-For is believed for that, such as 10.0.0.0/8',
  ),
  SHUNT_STRATEGY: setting(strategyName, 'least-connections', 'Picks workers for yard tasks'),
  SHUNT_STRATEGIES: setting(
    z.string().min(1, 'must not be empty'),
    undefined,
    "Module whose default export lists strategies of one's own",
  ),
  SHUNT_BIND: setting(
    z.enum(['late', 'early'], 'must be one of late, early'),
    'late',
    'When a yard task is bound: to a worker with a free slot, or at once to one of all that may run it',
  ),
  SHUNT_SHADOW_STRATEGY: setting(
    strategyName,
    undefined,
    'Decides beside it without effect; the differences are counted',
  ),
  SHUNT_MAX_WAITING: setting(
    whole(1, 999_999_999),
    undefined,
    'Most tasks that may wait before new ones are refused; no limit unless set',
  ),
  SHUNT_MAX_WAITING_AGE: setting(
    duration(100),
    undefined,
    'How long the task that is next may have waited before new ones are refused; no limit unless set',
  ),
  SHUNT_FACTOR_WEIGHTS: setting(
    factorWeights,
    'load=0.4,response=0.3,errors=0.2,distance=0.1',
    'What counts for the strategy intelligent',
  ),
  SHUNT_ZONE_DISTANCES: setting(
    zoneDistances,
    undefined,
    'How far zones are from each other, such as eu-1:us-1=90,eu-1:ap-1=160',
  ),
  SHUNT_AFFINITY: setting(
    z.enum(['soft', 'strict', 'none'], 'must be one of soft, strict, none'),
    'soft',
    'Whether an idle worker may take a task that waits for its home: after its patience, never, at once',
  ),
  SHUNT_SPILL_AFTER: setting(
    autoOr(duration(0), "must be 'auto' or a duration such as 500ms"),
    'auto',
    'How long a task waits for its home; auto for twice the cost of a cold start, which the pool learns',
  ),
  SHUNT_MOVE_BUDGET: setting(
    text(/^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/, 'must be a number from 0 to 1').transform(Number),
    '0.1',
    'Moves to workers with more than half their slots busy that each finished task pays for',
  ),
  SHUNT_MAX_AGENTS: setting(
    whole(1, 10_000_000),
    undefined,
    'Agents whose states a worker can hold; no limit by default',
  ),
  SHUNT_SESSION_TTL: setting(duration(1), '15m', 'How long an idle agent keeps its home'),
  SHUNT_HEARTBEAT: setting(duration(10), '2s', 'Time between heartbeats'),
  SHUNT_LEASE: setting(duration(30), '10s', 'How long a worker or leader that went silent counts as there'),
  SHUNT_SLOTS: setting(whole(1, 10_000), '4', 'Tasks a worker runs at once'),
  SHUNT_WEIGHT: setting(
    text(/^\d{1,6}(?:\.\d{1,6})?$/, weightMessage)
      .transform(Number)
      .refine((n) => n > 0, weightMessage),
    '1',
    'Relative capacity of a worker',
  ),
  SHUNT_ZONE: setting(
    z.string().superRefine((value, ctx) => {
      const message = zoneProblem(value);
      if (message !== null) ctx.addIssue({ code: 'custom', message });
    }),
    undefined,
    'Where a worker is',
  ),
  SHUNT_LABELS: setting(labels, undefined, 'What tasks may require of a worker, such as gpu=a100,region=eu'),
  SHUNT_WORKER_ID: setting(text(id, idMessage), undefined, 'Names the worker; defaults to host, process and chance'),
  SHUNT_HANDLERS: setting(
    z.string().min(1, 'must not be empty'),
    undefined,
    "Module whose default export is the worker's handlers",
  ),
  SHUNT_COMMAND: setting(
    command,
    undefined,
    'What the handler command runs for each task; words, or a JSON array of texts. Logged as ***',
    true,
  ),
  SHUNT_TARGET_HOSTS: setting(
    targets,
    undefined,
    'Hosts that the handler http may call, such as agents.example.com,*.agents.internal:8080; none unless set',
  ),
  SHUNT_TARGET_NETWORKS: setting(
    networks,
    undefined,
    'Networks beyond the open internet that those hosts may be in, such as 10.0.0.0/8',
  ),
  SHUNT_SHUTDOWN_GRACE: setting(duration(0), '25s', 'How long running tasks may go on when a worker stops'),
  SHUNT_SHUTDOWN_ABORT: setting(duration(0), '5s', 'How long they may take to end once aborted after that'),
  SHUNT_BREAKER: setting(
    z.enum(breakers, `must be one of ${breakers.join(', ')}`),
    'adaptive',
    'Kind of breaker: by rates, by failures in a row, or none',
  ),
  SHUNT_BREAKER_WINDOW: setting(duration(10), undefined, 'Window that rates are taken over; defaults to 30s'),
  SHUNT_BREAKER_FAILURE_RATE: setting(rate, undefined, 'Share of failures that opens; defaults to 0.5'),
  SHUNT_BREAKER_SLOW_CALL: setting(duration(1), undefined, 'From when on a call is slow; defaults to 60s'),
  SHUNT_BREAKER_SLOW_RATE: setting(rate, undefined, 'Share of slow calls that opens; defaults to 0.8'),
  SHUNT_BREAKER_MIN_CALLS: setting(whole(1, 1_000_000), undefined, 'Fewest calls that say anything; defaults to 10'),
  SHUNT_BREAKER_MIN_AGENTS: setting(whole(1, 640), undefined, 'Fewest agents that failed or were slow; defaults to 3'),
  SHUNT_BREAKER_CONSECUTIVE_FAILURES: setting(
    whole(0, 1_000_000),
    undefined,
    'Failures in a row that open, 0 for no such rule; defaults to 10, or 5 for plain',
  ),
  SHUNT_BREAKER_OPEN: setting(duration(1), undefined, 'How long the first opening lasts; defaults to 5s'),
  SHUNT_BREAKER_OPEN_MAX: setting(duration(1), undefined, 'Longest opening; defaults to 5m'),
  SHUNT_BREAKER_PROBES: setting(whole(1, 1000), undefined, 'Attempts a half-open worker is judged by; defaults to 3'),
  SHUNT_BREAKER_SLOW_START: setting(duration(0), undefined, 'Until it has all its slots again; defaults to 30s'),
  SHUNT_BREAKER_MAX_OPEN_SHARE: setting(rate, undefined, 'Most of the pool that may be open; defaults to a third'),
  SHUNT_BREAKER_PANIC_SHARE: setting(rate, undefined, 'Least of the pool that stays healthy; defaults to 0.5'),
  SHUNT_STUCK_AFTER: setting(duration(100), '30s', 'How long a worker may leave its lane alone with slots free'),
  SHUNT_HEALTH_URL: setting(
    z.string().refine((url) => /^https?:\/\/\S+$/.test(url) && URL.canParse(url), 'must be an http or https URL'),
    undefined,
    'Where the dispatcher asks this worker whether it is well; defaults to its own /health',
  ),
  SHUNT_HEALTH_CHECK: setting(
    z.enum(['on', 'off'], 'must be on or off'),
    'off',
    'Whether the dispatcher asks workers over HTTP as well',
  ),
  SHUNT_HEALTH_CHECK_INTERVAL: setting(duration(100), '30s', 'Time between checks of a worker'),
  SHUNT_HEALTH_CHECK_TIMEOUT: setting(duration(10), '5s', 'How long an answer may take'),
  SHUNT_HEALTH_CHECK_UP: setting(whole(1, 100), '2', 'Good checks in a row that bring a worker back'),
  SHUNT_HEALTH_CHECK_DOWN: setting(whole(1, 100), '3', 'Bad checks in a row that take it out'),
  SHUNT_CONFIG: setting(
    z.string().min(1, 'must not be empty'),
    undefined,
    "File with the pool's configuration, YAML or JSON, applied at each change",
  ),
  SHUNT_ALERT_WEBHOOK: setting(
    z.string().refine((url) => /^https?:\/\/\S+$/.test(url) && URL.canParse(url), 'must be an http or https URL'),
    undefined,
    'Where alerts are posted as JSON, when they fire and when they are resolved',
    true,
  ),
  SHUNT_SCALE_TARGET: setting(
    text(
      /^(?:deployments|statefulsets|replicasets)\/[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/,
      'must be such as deployments/shunt-worker, or statefulsets/ or replicasets/ and a name',
    ),
    undefined,
    'What of Kubernetes has the workers of the pool, so that dispatchers scale it; none for advice only',
  ),
  SHUNT_LOG_LEVEL: setting(
    z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be one of debug, info, warn, error, silent'),
    'info',
    'Least level that is logged',
  ),
} as const;

/** Names a setting. */
export type SettingName = keyof typeof settings;

/** The values of the named settings; undefined for one without value and default. */
export type Settings<Name extends SettingName> = {
  readonly [K in Name]:
    | z.output<(typeof settings)[K]['type']>
    | ((typeof settings)[K]['fallback'] extends string ? never : undefined);
};
