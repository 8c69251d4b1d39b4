import { setTimeout as sleep } from 'node:timers/promises';
import { noteScaler, type PoolKeys, readScale, ScaleDriver, type Scaler } from '@shunt/lanes';
import type { Redis } from 'ioredis';

/** Time between steps, in ms. */
const stepMs = 500;

/** Has a scaler follow what somebody wishes of a pool, until the signal aborts. Without a wish nothing is changed. */
export async function followWish(
  redis: Redis,
  keys: PoolKeys,
  scaler: Scaler,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  const driver = new ScaleDriver(redis, keys, scaler);
  let victims: readonly string[] = [];
  while (!signal.aborted) {
    try {
      await noteScaler(redis, keys);
      const { wish } = await readScale(redis, keys);
      if (wish !== null) victims = await driver.step(wish, victims);
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
    await sleep(stepMs, undefined, { signal }).catch(() => undefined);
  }
}
