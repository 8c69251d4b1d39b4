import { CommanderError } from 'commander';
import { shuntProgram } from './program.js';

// A reader that goes (`| head`) ends in silence what only tells: the command goes on to its end. What goes on and on hears of it itself.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const [typed = '--help'] = process.argv.slice(2);
const program = await shuntProgram(typed);
await program.parseAsync().catch(end);

/** Ends with the exit code of an error. What a person can mend is told in its own words, as a stack would hide them. */
async function end(error: unknown): Promise<never> {
  // Help that was asked for.
  if (error instanceof CommanderError && error.exitCode === 0) process.exit(0);
  const [{ badInputCode, fail }, { RedisStartError }, { CrewFailure }] = await Promise.all([
    import('@shunt/runtime'),
    import('@shunt/redis-server'),
    import('./crew/crew-failure.js'),
  ]);
  if (error instanceof CommanderError) process.exit(badInputCode);
  return fail(error instanceof RedisStartError || error instanceof CrewFailure ? error.message : error);
}
