import { HttpShunt } from '../http/http-client.js';
import type { HttpConnectOptions } from '../http/http-options.js';
import type { TaskMap } from '../task-map.js';
import { Shunt } from './client.js';
import type { ConnectOptions } from './connect-options.js';
import type { ShuntClient } from './shunt-client.js';

/**
 * Opens a client of a pool: by its Redis, or with `address` by a dispatcher's HTTP API, which does what {@link ShuntClient} has. Connects in
 * the background; the first call waits for it up to its deadline.
 *
 * @throws ShuntError INVALID_CONFIG naming each bad option
 */
export function connect<Tasks extends TaskMap = TaskMap>(
  options: HttpConnectOptions<NoInfer<Tasks>>,
): ShuntClient<Tasks>;
export function connect<Tasks extends TaskMap = TaskMap>(options?: ConnectOptions<NoInfer<Tasks>>): Shunt<Tasks>;
export function connect(options: HttpConnectOptions | ConnectOptions = {}): ShuntClient {
  const isHttp = typeof options === 'object' && options !== null && 'address' in options;
  return isHttp ? new HttpShunt(options) : new Shunt(options);
}
