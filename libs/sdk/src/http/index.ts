import type { ShuntClient } from '../client/shunt-client.js';
import type { TaskMap } from '../task-map.js';
import { HttpShunt } from './http-client.js';
import type { HttpConnectOptions } from './http-options.js';

/**
 * `@shunt/sdk/http`: the client over HTTP alone, for a browser. Everything here has the name it has in `@shunt/sdk`.
 *
 * @throws ShuntError INVALID_CONFIG naming each bad option
 */
export function connect<Tasks extends TaskMap = TaskMap>(
  options: HttpConnectOptions<NoInfer<Tasks>>,
): ShuntClient<Tasks> {
  return new HttpShunt<Tasks>(options as HttpConnectOptions<Tasks>);
}
export { isShuntError, ShuntError, type ShuntErrorCode, shuntErrorCodes } from '@shunt/lanes';
export type { EnqueueResult, ListTasksOptions, ShuntClient, TaskFollower } from '../client/shunt-client.js';
export type { EnqueueOptions } from '../input/enqueue-options.js';
export type { TaskEvent } from '../task/task-events.js';
export type { HttpConnectOptions } from './http-options.js';
