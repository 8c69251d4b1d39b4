import type { Command } from 'commander';
import { checkTold, ToldCommand } from './flag-environment.js';

/** What adds the options and sub-commands of a command to it. */
type Adder = (command: Command) => void;

/** A command: its name, what it does, and where the rest of it is. That is loaded when it is needed: most of a start is loading. */
type Entry = readonly [name: string, about: string, load: () => Promise<Adder>];

const entries: readonly Entry[] = [
  [
    'dev',
    'Redis, a dispatcher and workers in one command; with --demo a replay of real traffic',
    async () => (await import('./commands/dev.js')).addDev,
  ],
  [
    'redis',
    'a Redis on this machine to try things out with, kept in .shunt/',
    async () => (await import('./commands/run-redis.js')).addRedis,
  ],
  [
    'workers',
    'see the workers of a pool, and take one out of it',
    async () => (await import('./commands/workers.js')).addWorkers,
  ],
  [
    'agents',
    'see single agents of a pool, and say where they run',
    async () => (await import('./commands/agents.js')).addAgents,
  ],
  [
    'alerts',
    'what is wrong with a pool; exit code 1 while an alert fires',
    async () => (await import('./commands/alerts.js')).addAlerts,
  ],
  [
    'pools',
    'see pools, what they are told, and how many workers they have',
    async () => (await import('./commands/pools.js')).addPools,
  ],
  [
    'config',
    "see and change a pool's configuration while it runs",
    async () => (await import('./commands/config.js')).addConfig,
  ],
  [
    'schedules',
    'tasks that are made again and again',
    async () => (await import('./commands/schedules.js')).addSchedules,
  ],
  ['tasks', 'see tasks, cancel and retry them', async () => (await import('./commands/tasks.js')).addTasks],
  [
    'enqueue',
    'enqueue a task; with --wait or --follow exit code 1 unless it completes',
    async () => (await import('./commands/enqueue.js')).addEnqueue,
  ],
  [
    'events',
    'the journal: agents, workers, breakers, leaders, alerts, configuration',
    async () => (await import('./commands/events.js')).addEvents,
  ],
  [
    'top',
    'workers, depths and alerts of a pool, live; once where it cannot be redrawn',
    async () => (await import('./commands/top.js')).addTop,
  ],
  [
    'replay',
    'enqueue the tasks of a trace (.csv.gz) at their times, as `sleep`, and wait for all; exit code 1 if any failed',
    async () => (await import('./commands/replay.js')).addReplay,
  ],
  [
    'bench',
    'how many tasks a second a pool gives, and how fast one comes back; exit code 1 if any failed',
    async () => (await import('./commands/bench.js')).addBench,
  ],
  [
    'doctor',
    'what is wrong with Redis and a pool, each with a fix; exit code 1 if anything is bad',
    async () => (await import('./doctor/doctor.js')).addDoctor,
  ],
  [
    'completion',
    'a script that completes commands and options: source <(shunt completion bash)',
    async () => (await import('./completion.js')).addCompletion,
  ],
];

/**
 * The commands of `shunt`.
 *
 * @param typed the first word that is typed, so that only its command is loaded; with none, or a word that concerns all of them, all are
 */
export async function shuntProgram(typed?: string): Promise<Command> {
  const program = new ToldCommand('shunt')
    .description('A work dispatcher for fleets of stateful AI agents')
    .version(isVersion(typed) ? (await import('@shunt/probes')).version : '')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(withoutValues(text)) })
    .hook('preAction', (_, command) => checkTold(command, shuntProgram));
  for (const [name, about, load] of entries) {
    const command = program.command(name).description(about);
    if (isNeeded(name, typed)) (await load())(command);
  }
  return program;
}

function isVersion(typed: string | undefined): boolean {
  return typed === '-V' || typed === '--version';
}

function isNeeded(name: string, typed: string | undefined): boolean {
  if (typed === undefined || typed === 'completion' || typed === 'help') return true;
  return name === typed;
}

/** What commander says of a bad flag, without the value that was given: it may be a password in the wrong place. */
function withoutValues(text: string): string {
  return text
    .replace(/'(--?[\w-]+)=[^']*'/, "'$1'")
    .replace(/ argument '.*' is invalid/s, ' is invalid')
    .replace(/ value '.*' from env '(\w+)' is invalid/s, ' of $1 is invalid');
}
