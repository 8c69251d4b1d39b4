import type { Policy } from '../engine/policy.js';

/** A policy to simulate. */
export interface PolicyEntry {
  readonly name: string;
  readonly about: string;
  /** Whether the tables have it and the picture has not. Defaults to false. */
  readonly isAside?: boolean;
  make(): Policy;
}
