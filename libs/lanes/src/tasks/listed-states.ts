import type { TaskState } from '../moves.js';

/** Where a task may be, in the order in which a list tells them. */
export const listedStates = [
  'intake',
  'mailbox',
  'delayed',
  'yard',
  'waiting-children',
  'lane',
  'running',
  'failed',
  'completed',
] as const satisfies readonly TaskState['state'][];
