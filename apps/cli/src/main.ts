import { RedisStartError } from '@shunt/redis-server';
import { fail } from '@shunt/runtime';
import { DemoFailure } from './demo/demo-failure.js';
import { shuntProgram } from './program.js';

// What a person can mend is told in its own words, as a stack would hide them.
await shuntProgram()
  .parseAsync()
  .catch((error: unknown) => {
    const isPlain = error instanceof RedisStartError || error instanceof DemoFailure;
    fail(isPlain ? error.message : error);
  });
