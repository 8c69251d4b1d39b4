import { ask, part, post } from '../api/client.js';
import type { PoolBody, ScaleBody } from '../api/types.js';
import { plural } from '../format.js';
import type { Action } from '../parts/action-button.js';
import { planned } from './planned.js';

/** Changes a key of a pool's configuration, of the version that was read; null takes it back to the settings of the processes. */
export function changeConfig(
  { pool, configVersion }: PoolBody,
  key: string,
  value: string | null,
  label: string,
): Action {
  const path = `/pools/${part(pool)}`;
  const headers = { 'if-match': `"${configVersion}"` };
  const config = key.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), readValue(value));
  return {
    label,
    isDanger: true,
    plan: () => planned(path, 'PATCH', { json: { config }, headers }),
    run: async (reason) => {
      const json = { config, reason };
      const told = await ask<{ configVersion: number }>(path, { method: 'PATCH', json, headers });
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
    plan: () => planned(`/pools/${part(pool)}/scale`, 'PUT', { json: { workers } }),
    run: async (reason) => {
      const { target, hasScaler } = await post<ScaleBody>(`/pools/${part(pool)}/scale`, { workers, reason }, 'PUT');
      const unlessNobody = hasScaler ? '' : ' No scaler runs: nobody starts or stops workers for it.';
      return `The target is ${plural(target, 'worker')}.${unlessNobody}`;
    },
  };
}
