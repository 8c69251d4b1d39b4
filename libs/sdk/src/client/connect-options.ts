import { checked, type Duration, duration, durationMs, maxTimerMs } from '@shunt/input';
import { z } from 'zod';
import { assertConfig } from '../input/config.js';
import { defaultMaxPayloadBytes, maxBytesProblem } from '../input/payload.js';
import { type PlaceOptions, placeOf, placeShape } from '../input/place.js';
import { type InputSchemas, schemasOf } from '../input/schemas.js';
import type { TaskMap } from '../task-map.js';

/** How to reach a pool. */
export interface ConnectOptions<Tasks extends TaskMap = TaskMap> extends PlaceOptions {
  /**
   * Deadline of every call, sending again included; of a task that waits behind others of this client, from their answer on. At most 24
   * days. Defaults to 5 s.
   */
  readonly timeout?: Duration | undefined;
  /** Largest payload in bytes of JSON, at most 1 MiB. Defaults to 256 KiB. */
  readonly maxPayloadBytes?: number | undefined;
  /** What inputs must be like, by task name: zod schemas, or others of standardschema.dev. Input is sent as it is. Defaults to none. */
  readonly schemas?: InputSchemas<Tasks> | undefined;
}

const schema = z.strictObject({
  ...placeShape,
  timeout: duration({ minMs: 1, maxMs: maxTimerMs }).optional(),
  maxPayloadBytes: checked<number>(maxBytesProblem).optional(),
  schemas: z.unknown().optional(),
});

/** Checks a client's options and fills in the defaults. @throws ShuntError INVALID_CONFIG naming each bad option. */
export function connectSettings(options: ConnectOptions) {
  assertConfig(schema, options);
  return {
    ...placeOf(options),
    timeoutMs: durationMs(options.timeout ?? '5s'),
    maxPayloadBytes: options.maxPayloadBytes ?? defaultMaxPayloadBytes,
    schemas: schemasOf(options.schemas),
  };
}
