import { onTestFinished } from 'vitest';
import { MortalRedis, type MortalRedisOptions } from '../mortal-redis.js';

/** A Redis of one test that goes and comes back; ended with the test. */
export class RedisOfTest extends MortalRedis {
  constructor(options: MortalRedisOptions = {}) {
    super(options);
    onTestFinished(() => this.end());
  }
}
