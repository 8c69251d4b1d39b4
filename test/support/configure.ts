import { randomUUID } from 'node:crypto';
import { type ChangedConfig, type ConfigChanges, changePoolConfig } from '@shunt/lanes';
import type { TestPool } from './pool.js';
import { until } from './pool-test.js';

/** A dispatcher or a lane worker. */
interface Configured {
  readonly config: { readonly version: number };
}

/** Changes a pool's configuration. Resolves once these processes apply it. */
export async function configure(
  pool: TestPool,
  changes: ConfigChanges,
  ...processes: readonly Configured[]
): Promise<ChangedConfig> {
  const changed = await changePoolConfig(pool.redis, pool.keys, changes, { nonce: randomUUID(), by: 'test' });
  await until(() => processes.every(({ config }) => config.version === changed.version));
  return changed;
}
