import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandWords } from '@shunt/runtime';
import { type Handler, Terminal } from '@shunt/sdk';
import { commandHandler } from './handlers/command.js';
import { type HttpHandlerOptions, httpHandler } from './handlers/http.js';

/** What handlers that need no module may do. */
export interface BuiltinOptions extends HttpHandlerOptions {
  readonly command: CommandWords | undefined;
}

/** Handlers every worker has; a handlers module may replace them. */
export function builtinHandlers(options: BuiltinOptions): Readonly<Record<string, Handler>> {
  return {
    http: httpHandler(options),
    command: commandHandler(options.command),
    echo: (input) => input,
    sleep: sleepFor,
  };
}

/** Waits `input.ms` milliseconds, ends early when aborted. Returns whether the worker was warm. */
const sleepFor: Handler = async (input: { ms?: unknown }, { signal, agent }) => {
  const ms = input?.ms;
  if (typeof ms !== 'number' || !(ms >= 0 && ms <= 3_600_000)) {
    throw new Terminal('input.ms must be a number from 0 to 3600000');
  }
  await sleep(ms, undefined, { signal });
  return { home: agent?.home ?? null };
};
