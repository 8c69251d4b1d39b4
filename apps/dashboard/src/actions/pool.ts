import { ask, part, post } from '../api/client.js';
import type { PoolBody, ScaleBody } from '../api/types.js';
import { plural } from '../format.js';
import type { Action } from '../parts/action-button.js';

/** Changes a key of a pool's configuration, as it was read; null takes it back to the settings of the processes. */
export function changeConfig(
  { pool, config, configVersion }: PoolBody,
  key: string,
  value: string | null,
  label: string,
): Action {
  const path = key.split('.');
  const old = path.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], config);
  return {
    label,
    isDanger: true,
    plan: () => {
      const was = old === undefined ? 'as the processes say' : JSON.stringify(old);
      const is = value === null ? 'as the processes say' : value;
      return `${key}: ${was} → ${is}. Every process would apply it within a second. It is refused if somebody else changes the configuration first.`;
    },
    run: async (reason) => {
      const changes = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), readValue(value));
      const headers = { 'if-match': `"${configVersion}"` };
      const json = { config: changes, reason };
      const told = await ask<{ configVersion: number }>(`/pools/${part(pool)}`, { method: 'PATCH', json, headers });
      return `Version ${told.configVersion} is in force.`;
    },
  };
}

/** A number, true or false, JSON, or else a text. */
function readValue(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text; // A word or a duration.
  }
}

/** Wishes for so many workers; auto leaves it to the leader's advice. */
export function scalePool(pool: string, workers: number | 'auto'): Action {
  return {
    label: workers === 'auto' ? 'By advice' : `Scale to ${workers}`,
    isDanger: true,
    plan: async () => {
      const path = `/pools/${part(pool)}/scale?dryRun=true`;
      return (await post<ScaleBody & { would: string }>(path, { workers }, 'PUT')).would;
    },
    run: async (reason) => {
      const { target } = await post<ScaleBody>(`/pools/${part(pool)}/scale`, { workers, reason }, 'PUT');
      return `The target is ${plural(target, 'worker')}.`;
    },
  };
}
