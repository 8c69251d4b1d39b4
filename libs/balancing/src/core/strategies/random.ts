import type { Candidate } from '../candidate.js';
import { drawTwo, randomKey } from '../draw.js';
import { strategy } from '../strategy.js';

/**
 * Any worker, each with a probability in proportion to its weight, whatever its load. One random number per task.
 *
 * Source: nginx, `random` of ngx_http_upstream_module, which heeds weights in the same way.
 */
export const random = strategy('random', (_task, free, _eligible, chance) => {
  return drawTwo(randomKey(chance), free, 'weight').first as Candidate;
});
