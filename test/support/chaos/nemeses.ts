import { configurationNemeses } from './nemeses/configuration.js';
import { dispatcherNemeses } from './nemeses/dispatchers.js';
import { networkNemeses } from './nemeses/network.js';
import { redisNemeses } from './nemeses/redis.js';
import { workerNemeses } from './nemeses/workers.js';
import type { Nemesis } from './nemesis.js';

/** Every nemesis. */
export const nemeses: readonly Nemesis[] = [
  ...workerNemeses,
  ...dispatcherNemeses,
  ...configurationNemeses,
  ...redisNemeses,
  ...networkNemeses,
];
