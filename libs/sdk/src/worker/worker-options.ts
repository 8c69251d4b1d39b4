import {
  checked,
  type Duration,
  duration,
  durationMs,
  formatPath,
  isPlain,
  maxTimerMs,
  wholeNumber,
  zoneProblem,
} from '@shunt/input';
import { invalidConfig } from '@shunt/lanes';
import { z } from 'zod';
import { type BreakerOptions, breakerShape, selfRules } from '../input/breaker.js';
import { assertConfig } from '../input/config.js';
import { taskNameProblem, workerIdProblem } from '../input/ids.js';
import { labelsField } from '../input/labels-field.js';
import { type PlaceOptions, placeOf, placeShape } from '../input/place.js';
import { type InputSchemas, schemasOf } from '../input/schemas.js';
import type { HandlersOf, TaskMap } from '../task-map.js';
import type { AgentHooks } from './agent-states.js';
import type { Handler } from './task-context.js';

/** Options of a worker. */
export interface WorkerOptions<Tasks extends TaskMap = TaskMap> extends PlaceOptions, AgentHooks {
  /** Names the worker's lane; keep it across restarts. Defaults to `<host>-<pid>-<random>`. */
  readonly id?: string | undefined;
  /** Tasks that run at once, 1 to 10,000. Defaults to 1. */
  readonly slots?: number | undefined;
  /** Relative capacity for weighted strategies. Defaults to 1. */
  readonly weight?: number | undefined;
  /** Where it is, 1 to 63 plain characters; for the strategy `intelligent`. Defaults to nowhere. */
  readonly zone?: string | undefined;
  /** What tasks may require of it, such as `{ gpu: 'a100' }`, at most 32. Defaults to none. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /**
   * Agents whose states it can hold, 1 to 10,000,000: beyond it the least recently served idle one loses its home, and its
   * state is closed with `evicted`. Defaults to no limit.
   */
  readonly maxAgents?: number | undefined;
  /**
   * How long the workers from which an agent comes, this one too, have to run their `onAgentClose`, at most 5 minutes, before it is opened
   * here all the same. Defaults to 5 s.
   */
  readonly handOffTimeout?: Duration | undefined;
  /** By task name, at least one. A task of another name fails for good. */
  readonly handlers: HandlersOf<Tasks>;
  /**
   * What inputs must be like, by task name: zod schemas, or others of standardschema.dev. A handler gets what its schema makes of the input; a
   * task whose input is refused fails for good with INVALID_INPUT. Defaults to none.
   */
  readonly schemas?: InputSchemas<Tasks> | undefined;
  /** Time between heartbeats, 10 ms to 1 h. Defaults to 2 s. */
  readonly heartbeat?: Duration | undefined;
  /** How long a worker that stopped beating keeps receiving, at least 3 heartbeats. Defaults to 10 s. */
  readonly lease?: Duration | undefined;
  /** From when on the worker takes itself for sick, so that others get its tasks; `false` for never. */
  readonly breaker?: BreakerOptions | false | undefined;
  /** `http` or `https` URL by which the dispatcher may ask whether the worker is well: 2xx for yes. */
  readonly healthUrl?: string | undefined;
  readonly shutdown?:
    | {
        /** How long running tasks may go on. Defaults to 25 s. */
        readonly grace?: Duration | undefined;
        /** How long they may take to end once aborted. Defaults to 5 s. */
        readonly abort?: Duration | undefined;
      }
    | undefined;
}

const patience = duration({ maxMs: maxTimerMs / 2 });

const schema = z.strictObject({
  ...placeShape,
  id: checked<string>(workerIdProblem).optional(),
  slots: wholeNumber(1, 10_000).optional(),
  weight: checked<number>(weightProblem).optional(),
  zone: checked<string>(zoneProblem).optional(),
  labels: labelsField.optional(),
  maxAgents: wholeNumber(1, 10_000_000).optional(),
  handOffTimeout: duration({ maxMs: 300_000 }).optional(),
  handlers: z.unknown().optional(),
  schemas: z.unknown().optional(),
  onAgentOpen: checked(hookProblem).optional(),
  onAgentClose: checked(hookProblem).optional(),
  heartbeat: duration({ minMs: 10, maxMs: 3_600_000 }).optional(),
  lease: duration().optional(),
  breaker: breakerShape.optional(),
  healthUrl: checked<string>(healthUrlProblem).optional(),
  shutdown: z
    .strictObject({ grace: patience.optional(), abort: patience.optional() }, 'must be an object of grace and abort')
    .optional(),
});

/** Checks a worker's options and fills in the defaults. @throws ShuntError INVALID_CONFIG naming each bad option. */
export function workerSettings(options: WorkerOptions) {
  assertConfig(schema, options);
  const heartbeatMs = durationMs(options.heartbeat ?? '2s');
  const leaseMs = durationMs(options.lease ?? '10s');
  if (leaseMs < 3 * heartbeatMs)
    throw invalidConfig([{ field: 'lease', message: 'must be at least three heartbeats' }]);
  return {
    ...placeOf(options),
    id: options.id,
    slots: options.slots ?? 1,
    weight: options.weight ?? 1,
    zone: options.zone,
    labels: options.labels,
    maxAgents: options.maxAgents,
    handOffMs: durationMs(options.handOffTimeout ?? '5s'),
    handlers: handlersOf(options.handlers),
    schemas: schemasOf(options.schemas),
    hooks: { onAgentOpen: options.onAgentOpen, onAgentClose: options.onAgentClose },
    heartbeatMs,
    leaseMs,
    breaker: selfRules(options.breaker),
    healthUrl: options.healthUrl,
    graceMs: durationMs(options.shutdown?.grace ?? '25s'),
    abortMs: durationMs(options.shutdown?.abort ?? '5s'),
  };
}

function handlersOf(value: unknown): ReadonlyMap<string, Handler> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value);
  const entries = isMap ? Object.entries(value) : [];
  if (entries.length === 0) {
    throw invalidConfig([{ field: 'handlers', message: 'must be an object with a function for each task name' }]);
  }
  const problems = entries.flatMap(([name, handler]) => {
    const field = formatPath('handlers', [name]);
    const nameProblem = taskNameProblem(name);
    if (nameProblem !== null) return [{ field, message: `is no task name: it ${nameProblem}` }];
    return typeof handler === 'function' ? [] : [{ field, message: 'must be a function' }];
  });
  if (problems.length > 0) throw invalidConfig(problems);
  return new Map(entries as [string, Handler][]);
}

function healthUrlProblem(value: unknown): string | null {
  const isUrl = typeof value === 'string' && value.length <= 2048 && URL.canParse(value) && /^https?:/.test(value);
  return isUrl ? null : 'must be an http or https URL';
}

function hookProblem(value: unknown): string | null {
  return typeof value === 'function' ? null : 'must be a function';
}

function weightProblem(value: unknown): string | null {
  return Number.isFinite(value) && (value as number) > 0 ? null : 'must be a number above 0';
}
