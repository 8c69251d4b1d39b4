import { checked, type Duration, duration, durationMs, maxTimerMs } from '@shunt/input';
import { z } from 'zod';
import { assertConfig } from '../input/config.js';
import { poolNameProblem } from '../input/ids.js';
import { defaultMaxPayloadBytes, maxBytesProblem } from '../input/payload.js';
import { type InputSchemas, schemasOf } from '../input/schemas.js';
import type { TaskMap } from '../task-map.js';

/** How to reach a pool by a dispatcher's HTTP API. */
export interface HttpConnectOptions<Tasks extends TaskMap = TaskMap> {
  /** Where a dispatcher, or what balances several, listens: `http://127.0.0.1:7420`. */
  readonly address: string;
  /** As `SHUNT_API_KEYS` of the dispatcher knows it. Defaults to none. */
  readonly apiKey?: string | undefined;
  /** The pool that the dispatcher serves; for its configuration alone. Defaults to `agents`. */
  readonly pool?: string | undefined;
  /**
   * Deadline of every call, sending again included; of a task that waits behind others of this client, from their answer on. At most 24
   * days. Defaults to 5 s.
   */
  readonly timeout?: Duration | undefined;
  /** Largest payload in bytes of JSON, at most 1 MiB; the dispatcher takes 256 KiB. Defaults to 256 KiB. */
  readonly maxPayloadBytes?: number | undefined;
  /** What inputs must be like, by task name: zod schemas, or others of standardschema.dev. Input is sent as it is. Defaults to none. */
  readonly schemas?: InputSchemas<Tasks> | undefined;
}

const schema = z.strictObject({
  address: checked<string>(addressProblem),
  apiKey: checked<string>(apiKeyProblem).optional(),
  pool: checked<string>(poolNameProblem).optional(),
  timeout: duration({ minMs: 1, maxMs: maxTimerMs }).optional(),
  maxPayloadBytes: checked<number>(maxBytesProblem).optional(),
  schemas: z.unknown().optional(),
});

/** Checks a client's options and fills in the defaults. @throws ShuntError INVALID_CONFIG naming each bad option. */
export function httpSettings(options: HttpConnectOptions) {
  assertConfig(schema, options);
  return {
    address: options.address.replace(/\/+$/, ''),
    apiKey: options.apiKey,
    pool: options.pool ?? 'agents',
    timeoutMs: durationMs(options.timeout ?? '5s'),
    maxPayloadBytes: options.maxPayloadBytes ?? defaultMaxPayloadBytes,
    schemas: schemasOf(options.schemas),
  };
}

function addressProblem(value: unknown): string | null {
  const message = 'must be a URL such as http://127.0.0.1:7420';
  if (typeof value !== 'string' || !/^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/.test(value)) return message;
  return URL.canParse(value) ? null : message;
}

function apiKeyProblem(value: unknown): string | null {
  const isKey = typeof value === 'string' && /^[\x21-\x7e]{1,512}$/.test(value);
  return isKey ? null : 'must be 1 to 512 printable characters';
}
