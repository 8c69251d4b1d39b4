import { strategies } from '@shunt/balancing';
import { durationMs, durationProblem } from '@shunt/sdk';
import { z } from 'zod';

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
const names = Object.keys(strategies) as [keyof typeof strategies];
const weightMessage = 'must be a number above 0, such as 1 or 0.5';
const redisMessage = 'must be a URL such as redis://127.0.0.1:6379';
const id = /^[A-Za-z0-9_.-]{1,64}$/;
const idMessage = 'must be 1 to 64 characters of A-Z, a-z, 0-9, dot, dash and underscore';
const setting = <Type extends z.ZodType, Default extends string | undefined>(
  type: Type,
  fallback: Default,
  about: string,
) => ({ type, fallback, about });

/** Every setting: its type, its default as text (undefined for none), and what it is for. */
export const settings = {
  SHUNT_REDIS_URL: setting(
    z.string().refine((url) => /^rediss?:\/\/\S+$/.test(url) && URL.canParse(url), redisMessage),
    'redis://127.0.0.1:6379',
    'Where Redis is',
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
  SHUNT_STRATEGY: setting(
    z.enum(names, `must be one of ${names.join(', ')}`),
    'least-connections',
    'Picks workers for yard tasks',
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
  SHUNT_WORKER_ID: setting(text(id, idMessage), undefined, 'Names the worker; defaults to host, process and chance'),
  SHUNT_HANDLERS: setting(
    z.string().min(1, 'must not be empty'),
    undefined,
    "Module whose default export is the worker's handlers",
  ),
  SHUNT_SHUTDOWN_GRACE: setting(duration(0), '25s', 'How long running tasks may go on when a worker stops'),
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
