import { bullmqHashed, bullmqShared } from './bullmq.js';
import { shunt } from './shunt.js';
import type { System, SystemName } from './system.js';

/** Every system compared, in the order of the tables. */
export const systems: Readonly<Record<SystemName, System>> = {
  'bullmq-shared': bullmqShared,
  'bullmq-hashed': bullmqHashed,
  shunt,
};
