import type { Profile } from './profile.js';

/** What a worker does with each task: end it, take ten times as long, fail it, or never end it. */
export type Behaviour = 'pass' | 'slow' | 'fail' | 'hold';

/** How many times as long a slow worker takes. */
export const slowBy = 10;

/** What a process of a crew is told to be. */
export type CrewTask = { readonly redisUrl: string; readonly pool: string; readonly id: string } & (
  | {
      readonly role: 'worker';
      readonly slots: number;
      readonly behaviour: Behaviour;
      readonly profile: Profile;
      readonly labels: Readonly<Record<string, string>>;
    }
  | { readonly role: 'plain-worker'; readonly slots: number; readonly behaviour: Behaviour }
  | { readonly role: 'dispatcher'; readonly openMs: number; readonly profile: Profile }
);

/** What every task carries. */
export interface CrewInput {
  /** When its enqueue was called, in us of the machine's monotonic clock. */
  readonly t: number;
  /** How long it runs where tasks pass. */
  readonly runMs: number;
}

/** One start of a task, as its worker tells it: task id, enqueued and started in us. */
export type ToldStart = [task: string, enqueuedUs: number, startedUs: number];

/** The name of every task. */
export const taskName = 'turn';
