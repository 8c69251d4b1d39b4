import { findFreePort } from './free-port.js';
import { RedisStartError } from './redis-start-error.js';

/** How a start attempt ended: with a value, or because someone else has the port. */
export type PortAttempt<T> = { readonly kind: 'started'; readonly value: T } | { readonly kind: 'port-taken' };

/** Between the probe and the bind a port is lost now and then; five times in a row means something else is wrong. */
const attempts = 5;

/**
 * Runs `start` on the wanted port, or on free ports until one is not taken from under it.
 *
 * @param findPort Defaults to asking the kernel for a free port.
 * @throws RedisStartError when the wanted port is taken, or five free ones in a row were
 */
export async function withPort<T>(
  wanted: number | undefined,
  start: (port: number) => Promise<PortAttempt<T>>,
  findPort: () => Promise<number> = findFreePort,
): Promise<T> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const result = await start(wanted ?? (await findPort()));
    if (result.kind === 'started') {
      return result.value;
    }
    if (wanted !== undefined) {
      throw new RedisStartError(`port ${wanted} on 127.0.0.1 is in use; free it or leave the port out`);
    }
  }
  throw new RedisStartError(`${attempts} free ports in a row were taken by others before Redis could listen`);
}
