import { RedisStartError } from '@shunt/redis-server';
import { badInputCode, fail } from '@shunt/runtime';
import { CommanderError } from 'commander';
import { DemoFailure } from './demo/demo-failure.js';
import { shuntProgram } from './program.js';

await shuntProgram().parseAsync().catch(end);

/** Ends with the exit code of an error. What a person can mend is told in its own words, as a stack would hide them. */
function end(error: unknown): never {
  // It was told already, as was the help that was asked for.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : badInputCode);
  fail(error instanceof RedisStartError || error instanceof DemoFailure ? error.message : error);
}
