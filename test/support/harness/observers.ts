import { agentKeyIn, type PoolKeys } from '@shunt/lanes';
import type { History } from '../history/writer.js';
import { followEvents, followJournal, type StreamFollower } from './stream-follower.js';

/** What a run sees of its pool from outside: settled tasks and the journal, both written into a history. */
export class Observers {
  /** How many tasks were seen to be settled. */
  settled = 0;
  private readonly settledOf = new Map<string, number>();
  private readonly followers: readonly StreamFollower[];

  constructor(redisUrl: string, keys: PoolKeys, history: History) {
    this.followers = [
      followEvents(redisUrl, keys, history, (task) => this.count(task)),
      followJournal(redisUrl, keys, history),
    ];
  }

  /** How many tasks of an agent were seen to be settled. */
  settledBy(agent: string): number {
    return this.settledOf.get(agent) ?? 0;
  }

  /** Reads what is there, then no more. */
  async close(): Promise<void> {
    await Promise.all(this.followers.map((follower) => follower.close()));
  }

  private count(task: string): void {
    const agent = agentKeyIn(task) ?? '';
    this.settled++;
    this.settledOf.set(agent, this.settledBy(agent) + 1);
  }
}
