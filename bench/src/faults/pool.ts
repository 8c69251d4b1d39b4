import { poolKeys, queueNameOf } from '@shunt/lanes';
import { connect } from '@shunt/sdk';
import type { Redis } from 'ioredis';
import { nowUs } from '../clock.js';
import type { TrialRun } from '../trials/trial.js';
import { Crew } from './crew.js';
import { type Behaviour, taskName } from './crew-task.js';
import type { Profile } from './profile.js';

/** How a task is to be treated; its agent is `agentId`. */
type TaskOptions = Parameters<ReturnType<typeof connect>['enqueue']>[2];

/** How long an opened breaker stays open where a round is not about that: longer than the round. */
const untilEndMs = 600_000;

/** A Shunt pool that faults are injected into: its processes, a producer, and its journal. */
export class FaultPool {
  readonly crew = new Crew();
  readonly keys;
  readonly redis: Redis;
  private readonly client;

  constructor(
    private readonly run: TrialRun,
    private readonly name: string,
    private readonly profile: Profile,
  ) {
    this.redis = run.redis;
    this.keys = poolKeys(queueNameOf(name));
    this.client = connect({ redis: run.redisUrl, pool: name, timeout: '60s' });
  }

  /** Starts a dispatcher whose breakers stay open for `openMs`. */
  dispatcher(id: string, openMs = untilEndMs): Promise<void> {
    return this.crew.add({ ...this.told(id), role: 'dispatcher', openMs });
  }

  /** Starts a worker. Resolves once it may receive. */
  async worker(id: string, slots: number, behaviour: Behaviour, labels = {}): Promise<void> {
    await this.crew.add({ ...this.told(id), role: 'worker', slots, behaviour, labels });
    await until(async () => (await this.redis.hexists(this.keys.of('routable'), id)) === 1);
  }

  /** Enqueues a task of an agent that runs for `runMs`. Resolves once Redis has it. */
  async enqueue(agentId: string, options: TaskOptions = {}, runMs = 0): Promise<void> {
    await this.client.enqueue(taskName, { t: nowUs(), runMs }, { keep: { completed: false }, ...options, agentId });
  }

  /** What the journal tells, as fields by name, oldest first. */
  async journal(): Promise<Record<string, string>[]> {
    const entries = await this.redis.xrange(this.keys.of('journal'), '-', '+');
    return entries.map(([, flat]) =>
      Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : []))),
    );
  }

  /** Kills its processes. */
  async end(): Promise<void> {
    await this.crew.end();
    this.client.close();
  }

  private told(id: string) {
    return { redisUrl: this.run.redisUrl, pool: this.name, id, profile: this.profile };
  }
}

/** Resolves once a condition that no event announces holds: it is asked every 2 ms. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
}
