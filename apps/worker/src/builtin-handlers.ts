import { setTimeout as sleep } from 'node:timers/promises';
import { type Handler, Terminal } from '@shunt/sdk';

/** Handlers every worker has, for trying things out; a handlers module may replace them. */
export const builtinHandlers: Readonly<Record<string, Handler>> = {
  /** Returns its input. */
  echo: (input) => input,
  /** Waits `input.ms` milliseconds, ends early when aborted. Returns whether the worker was warm. */
  sleep: async (input: { ms?: unknown }, { signal, agent }) => {
    const ms = input?.ms;
    if (typeof ms !== 'number' || !(ms >= 0 && ms <= 3_600_000)) {
      throw new Terminal('input.ms must be a number from 0 to 3600000');
    }
    await sleep(ms, undefined, { signal });
    return { home: agent?.home ?? null };
  },
};
