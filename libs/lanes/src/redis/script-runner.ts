import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Redis } from 'ioredis';
import { type functionNames, library } from '../scripts/generated.js';

interface BullScript {
  readonly name: string;
  readonly content: string;
}

/** The name of one move's script. */
export type ScriptName = (typeof functionNames)[number];

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

const body = withBullScripts(library);

/** Goes by its content: processes of two versions each call their own. */
const libraryName = `shunt_${createHash('sha256').update(body).digest('hex').slice(0, 12)}`;

const libraryText = `#!lua name=${libraryName}
local function register(name, flags, callback)
  redis.register_function({ function_name = '${libraryName}_' .. name, flags = flags, callback = callback })
end
${body}`;

const isMissing = (error: unknown) => error instanceof Error && error.message.startsWith('ERR Function not found');

/**
 * Has what is sent in one turn of the event loop share a write: the results of one read come back together, and so do the calls that
 * follow them.
 */
function shareWrite(redis: Redis): void {
  const { stream } = redis;
  if (!stream || stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** How often the library is loaded again for one call: whoever flushes functions more often than that wants it so. */
const loads = 10;

/**
 * Runs a script: a function of the library that is loaded when Redis does not have it. A library, as what a script is made of is
 * made once then, not anew in every call, which took a tenth of Redis's time. Loaded by a command of its own: a transaction of both
 * whose connection breaks between its replies is aborted by ioredis, though Redis may have carried it out.
 */
export async function runScript(
  redis: Redis,
  name: ScriptName,
  keys: readonly string[],
  args: readonly ScriptArgument[],
): Promise<unknown> {
  shareWrite(redis);
  const call: Parameters<Redis['fcall']> = [`${libraryName}_${name}`, keys.length, ...keys, ...args];
  for (let load = 1; ; load++) {
    try {
      return await redis.fcall(...call);
    } catch (error) {
      if (!isMissing(error) || load > loads) throw error;
      await redis.function('LOAD', 'REPLACE', libraryText);
    }
  }
}
