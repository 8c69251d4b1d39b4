import { createRequire } from 'node:module';
import type { Redis } from 'ioredis';
import { scripts } from './scripts/generated.js';

interface BullScript {
  readonly name: string;
  readonly content: string;
}

/** The name of one move's script. */
export type ScriptName = keyof typeof scripts;

/** What a script takes: keys and arguments. */
export type ScriptArgument = string | number | Buffer;

const bullScripts = createRequire(import.meta.url)('bullmq/dist/cjs/scripts/index.js') as Record<string, BullScript>;

/** Puts BullMQ's own script texts where ours ask for them; they stay BullMQ's, of the installed version. */
function withBullScripts(lua: string): string {
  return lua.replace(/^--- @bullmq "(\w+)"$/gm, (_, name: string) => {
    const script = bullScripts[name];
    if (!script) throw new Error(`the installed bullmq has no script ${name}`);
    return script.content;
  });
}

const commandOf = (name: ScriptName) => `shunt:${name}`;

/** Registers every script on a connection; ioredis sends EVALSHA and falls back after a SCRIPT FLUSH. */
export function defineScripts(redis: Redis): void {
  for (const name of Object.keys(scripts) as ScriptName[]) {
    redis.defineCommand(commandOf(name), { lua: withBullScripts(scripts[name]) });
  }
}

/** Runs a script on a connection that {@link defineScripts} prepared. */
export function runScript(
  redis: Redis,
  name: ScriptName,
  keys: readonly string[],
  args: readonly ScriptArgument[],
): Promise<unknown> {
  const command = (redis as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[commandOf(name)];
  if (!command) throw new Error(`script ${name} is not defined on this connection`);
  return command.call(redis, keys.length, ...keys, ...args);
}
