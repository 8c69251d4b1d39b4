import { Command } from 'commander';
import { addAgents } from './agents.js';
import { addAlerts } from './alerts.js';
import { addCompletion } from './completion.js';
import { addConfig } from './config.js';
import { runDemo } from './demo/run-demo.js';
import { addDoctor } from './doctor/doctor.js';
import { addEnqueue } from './enqueue.js';
import { addEvents } from './events.js';
import { wholeNumber } from './numbers.js';
import { addPools } from './pools.js';
import { addReplay } from './replay.js';
import { runRedis } from './run-redis.js';
import { addSchedules } from './schedules.js';
import { addTasks } from './tasks.js';
import { addTop } from './top.js';
import { addWorkers } from './workers.js';

/** All commands of `shunt`. */
export function shuntProgram(): Command {
  const program = new Command('shunt')
    .description('A work dispatcher for fleets of stateful AI agents')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(withoutValues(text)) });

  program
    .command('dev')
    .description('Redis, a dispatcher and workers in one command, and a replay of real traffic')
    .requiredOption('--demo', 'replay the shipped trace and show it')
    .option('--workers <n>', 'worker processes', wholeNumber(1, 64), 3)
    .option('--slots <n>', 'tasks a worker runs at once', wholeNumber(1, 1000), 4)
    .option('--port <n>', "the dispatcher's port, a free one if that is taken", wholeNumber(0, 65_535), 7420)
    .option('--speed <n>', 'how many times faster than the trace was recorded', wholeNumber(1, 1000), 60)
    .option('--rounds <n>', 'replay it so often, one after the other', wholeNumber(1, 1000), 1)
    .option('--tasks <n>', 'replay only the first so many tasks', wholeNumber(1, 1_000_000))
    .action(async (options) => process.exit((await runDemo(options)) ? 0 : 1));

  program
    .command('redis')
    .description('a Redis on this machine to try things out with, kept in .shunt/')
    .option('--port <n>', 'where it listens, on loopback', wholeNumber(1, 65_535), 6379)
    .action(async (options) => process.exit((await runRedis(options)) ? 0 : 1));

  addWorkers(program);
  addAgents(program);
  addAlerts(program);
  addPools(program);
  addConfig(program);
  addSchedules(program);
  addTasks(program);
  addEnqueue(program);
  addEvents(program);
  addTop(program);
  addReplay(program);
  addDoctor(program);
  addCompletion(program);
  return program;
}

/** What commander says of a bad flag, without the value that was given: it may be a password in the wrong place. */
function withoutValues(text: string): string {
  return text.replace(/'(--?[\w-]+)=[^']*'/, "'$1'").replace(/ argument '.*' is invalid/s, ' is invalid');
}
