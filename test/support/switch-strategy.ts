import { randomUUID } from 'node:crypto';
import { strategies } from '@shunt/balancing';
import { changePoolConfig } from '@shunt/lanes';
import type { Run } from './harness/run.js';

const names = Object.keys(strategies);

/** Has the pool of a run use another strategy: the `nth` of all of them, in turn. Resolves to its name. */
export async function switchStrategy({ redis, keys }: Run, nth: number): Promise<string> {
  const strategy = names[nth % names.length] as string;
  await changePoolConfig(redis, keys, { strategy }, { nonce: randomUUID(), by: 'test' });
  return strategy;
}
