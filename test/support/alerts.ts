import type { AlertName } from '@shunt/health';
import type { AlertNotice, AlertStatus } from '@shunt/lanes';
import type { Shunt } from '@shunt/sdk';
import type { TestPool } from './pool.js';

/** A leading dispatcher, and what it told; `gate` holds it back from having told. */
export function telling(pool: TestPool, gate: Promise<void> = Promise.resolve()) {
  const told: AlertNotice[] = [];
  const dispatcher = pool.dispatcher({
    onAlert: async (notice) => {
      told.push(notice);
      await gate;
    },
  });
  return { dispatcher, told };
}

/** An alert as a client reads it. */
export async function alertOf(client: Shunt, name: AlertName): Promise<AlertStatus | undefined> {
  return (await client.alerts.list()).find(({ alert }) => alert === name);
}
