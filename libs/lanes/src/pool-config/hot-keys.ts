import { factorNames } from '@shunt/balancing';
import { breakerPresets } from '@shunt/health';
import { checked, duration, durationMs, wholeNumber, zoneProblem } from '@shunt/input';
import { z } from 'zod';

const hot = <Type extends z.ZodType>(type: Type, unit: string, fallback: string, about: string) =>
  type.optional().meta({ unit, fallback, about });

const ms = (minMs: number) => duration({ minMs }).transform(durationMs);
const span = (minMs: number, fallback: string, about: string) => hot(ms(minMs), 'duration', fallback, about);
const count = (min: number, max: number, fallback: string, about: string) =>
  hot(wholeNumber(min, max), 'count', fallback, about);
const shareOf = (fallback: string, about: string) => hot(share, 'share', fallback, about);
const weight = (fallback: string, about: string) => hot(amount, 'number', fallback, about);
const spillAfterMessage = "must be 'auto' or a duration such as 500ms";
const numberIn = (isRight: (value: number) => boolean, message: string) =>
  checked<number>((value) => (typeof value === 'number' && isRight(value) ? null : message));
const share = numberIn((value) => value > 0 && value <= 1, 'must be a number above 0 and at most 1, such as 0.5');
const amount = numberIn((value) => value >= 0 && value <= 1e9, 'must be a number from 0 to 1e9');
const ratio = numberIn((value) => value >= 0 && value <= 1, 'must be a number from 0 to 1');
const name = checked<string>((value) =>
  typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? null : 'must be the name of a strategy',
);
const limit = checked<'none' | number>((value) => {
  const isRight = value === 'none' || wholeNumber(1, 999_999_999).safeParse(value).success;
  return isRight ? null : "must be 'none' or a whole number from 1 to 999999999";
});
const presets = [...Object.keys(breakerPresets), 'off'] as [keyof typeof breakerPresets, 'off'];

const distancesForm = "must be an object such as { 'eu-1': { 'us-1': 90 } }, each distance 0 to 1e9";
const isZone = (value: string) => zoneProblem(value) === null;
const distances = z.record(z.string().refine(isZone), z.record(z.string().refine(isZone), amount));
const zoneDistances = z.custom<z.output<typeof distances>>((value) => distances.safeParse(value).success, {
  error: distancesForm,
});

const breaker = z
  .strictObject(
    {
      preset: hot(
        z.enum(presets, `must be one of ${presets.join(', ')}`),
        presets.join(', '),
        'adaptive',
        "Kind of breaker; told here, its rules count in place of the processes' own settings",
      ),
      window: span(10, '30s', 'Window that rates are taken over'),
      failureRate: shareOf('0.5', 'Share of failures that opens'),
      slowCall: span(1, '60s', 'From when on a call is slow'),
      slowRate: shareOf('0.8', 'Share of slow calls that opens'),
      minCalls: count(1, 1_000_000, '10', 'Fewest calls that say anything'),
      minAgents: count(1, 640, '3', 'Fewest agents that failed or were slow'),
      consecutiveFailures: count(0, 1_000_000, '10', 'Failures in a row that open, 0 for no such rule'),
      open: span(1, '5s', 'How long the first opening lasts'),
      openMax: span(1, '5m', 'Longest opening'),
      probes: count(1, 1000, '3', 'Attempts a half-open worker is judged by'),
      slowStart: span(0, '30s', 'Until it has all its slots again'),
      maxOpenShare: shareOf('a third', 'Most of the pool that may be open'),
      panicShare: shareOf('0.5', 'Least of the pool that stays healthy'),
    },
    'must be an object of rules',
  )
  .refine(({ open, openMax }) => open === undefined || openMax === undefined || open <= openMax, {
    path: ['openMax'],
    message: 'must be at least breaker.open',
  });

const healthCheck = z.strictObject(
  {
    enabled: hot(
      z.boolean('must be true or false'),
      'true, false',
      'false',
      'Whether the dispatcher asks workers over HTTP as well',
    ),
    interval: span(100, '30s', 'Time between checks of a worker'),
    timeout: span(10, '5s', 'How long an answer may take'),
    up: count(1, 100, '2', 'Good checks in a row that bring a worker back'),
    down: count(1, 100, '3', 'Bad checks in a row that take it out'),
  },
  'must be an object of thresholds',
);

const alerts = z.strictObject(
  {
    errorRate: shareOf('0.05', 'Share of attempts that fail within a minute, above which high_error_rate fires'),
    slowMean: span(1, '1s', 'Mean time of an attempt within a minute, above which slow_response fires'),
    slowP99: span(1, '30s', 'The same of its 99th percentile'),
    healthyShare: shareOf('0.8', 'Share of the workers that receive, below which node_down fires'),
    lateAfter: span(1, '1m', 'How long the next task waits before work_is_late fires'),
    hotWorker: hot(
      numberIn((value) => value > 1 && value <= 1000, 'must be a number above 1 and at most 1000'),
      'number',
      '3',
      "How many times the others' load a worker has before hot_worker fires",
    ),
    for: span(0, 'each its own', 'How long a rule must hold before its alert fires'),
    keep: span(0, '30s', 'How long it must be over before the alert is resolved'),
  },
  'must be an object of limits',
);

const scale = z
  .strictObject(
    {
      min: count(0, 10_000, '1', 'Fewest workers that are advised'),
      max: count(1, 10_000, '100', 'Most workers that are advised'),
      utilization: shareOf('0.8', 'Share of the slots, and of the agents workers can hold, that is to be in use'),
      coolDown: span(0, '1m', 'Time between two steps down, and after a step up'),
      lateAfter: span(1, '30s', 'How long the next task waits before a quarter more workers are advised'),
      isFollowed: hot(
        z.boolean('must be true or false'),
        'true, false',
        'false',
        'Whether the scaler follows the advice while nobody wishes for a number',
      ),
    },
    'must be an object of limits',
  )
  .refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
    path: ['max'],
    message: 'must be at least scale.min',
  });

const factorWeights = z
  .strictObject(
    {
      load: weight('0.4', 'What load counts for the strategy intelligent'),
      response: weight('0.3', 'What the response time counts'),
      errors: weight('0.2', 'What the error rate counts'),
      distance: weight('0.1', 'What the distance counts'),
    } satisfies Record<(typeof factorNames)[number], unknown>,
    'must be an object of weights',
  )
  .refine((weights) => factorNames.some((name) => weights[name] !== 0), 'must have one that is above 0');

/**
 * What of a pool can be changed while it runs: every key with its bounds, its default as text, and what it is for. All are optional:
 * what is not told is as each process's own settings say. Durations are read as {@link durationMs} does, and come out in ms.
 */
export const poolConfigSchema = z.strictObject({
  strategy: hot(name, 'name', 'least-connections', 'Picks workers for yard tasks'),
  shadowStrategy: hot(name, 'name', 'none', 'Decides beside it without effect; none ends it'),
  bind: hot(
    z.enum(['late', 'early'], 'must be one of late, early'),
    'late, early',
    'late',
    'When a yard task is bound: to a worker with a free slot, or at once to one of all that may run it',
  ),
  factorWeights: factorWeights.optional(),
  zoneDistances: hot(
    zoneDistances,
    'number for each pair',
    'none',
    'How far zones are from each other, in any one unit',
  ),
  affinity: hot(
    z.enum(['soft', 'strict', 'none'], 'must be one of soft, strict, none'),
    'soft, strict, none',
    'soft',
    'Whether an idle worker may take a task that waits for its home: after its patience, never, at once',
  ),
  spillAfter: hot(
    z.union([z.literal('auto'), ms(0)], { error: spillAfterMessage }),
    'duration',
    'auto',
    'How long a task waits for its home; auto for twice the cost of a cold start, which the pool learns',
  ),
  moveBudget: hot(ratio, 'moves per task, 0 to 1', '0.1', 'Moves to busy workers that each finished task pays for'),
  maxWaiting: hot(limit, 'count', 'none', 'Most tasks that may wait before new ones are refused'),
  maxWaitingAge: hot(
    z.union([z.literal('none'), ms(100)], { error: "must be 'none' or a duration of at least 100ms, such as 10m" }),
    'duration',
    'none',
    'How long the task that is next may have waited before new ones are refused',
  ),
  sessionTtl: span(1, '15m', 'How long an idle agent keeps its home'),
  stuckAfter: span(100, '30s', 'How long a worker may leave its lane alone with slots free'),
  breaker: breaker.optional(),
  healthCheck: healthCheck.optional(),
  alerts: alerts.optional(),
  scale: scale.optional(),
});

/** A pool's configuration as it is kept: what was told, durations in ms. */
export type PoolConfig = z.output<typeof poolConfigSchema>;

/** A pool's configuration as people write it: durations in ms or as `30s`. */
export type PoolConfigInput = z.input<typeof poolConfigSchema>;
