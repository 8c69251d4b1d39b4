import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import type { Live } from '../pool-config/config-watcher.js';
import type { DispatcherTuning } from '../pool-config/dispatcher-tuning.js';
import { runScript } from '../redis/script-runner.js';

/** What a watchdog put right so far. None of it happens by itself: somebody removed keys, or Redis lost some. */
export interface Repairs {
  /** Agents whose current task was in no list. */
  current: number;
  /** Agents with waiting tasks and no current one. */
  mailbox: number;
  /** Lanes of workers that nobody has registered. */
  lane: number;
}

/** Keys that a look takes in, so that it costs Redis a few ms: a database of so many keys is seen whole by every look. */
const keysPerLook = 5000;
const keysPerScan = 1000;
const agentsPerCall = 100;

/** Finds agents and lanes that nothing would ever move again, and puts them right. Goes through the database in turns, and counts the agents. */
export class Watchdog {
  readonly repairs: Repairs = { current: 0, mailbox: 0, lane: 0 };
  private cursor = '0';
  private term = 0;
  /** Of the agents that this turn through the database has seen. */
  private seen = { busy: 0, idle: 0 };
  private told = '';

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly tuning: Live<Pick<DispatcherTuning, 'sessionTtlMs'>>,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Takes one look under a leader's term and mends the agents it saw. Resolves to the workers whose lanes it saw that are not
   * registered, for the leader to evict: those that have left meanwhile have nothing in them.
   */
  async look(term: number): Promise<readonly string[]> {
    if (term !== this.term) this.begin(term);
    const { agents, workers } = await this.scan();
    for (let i = 0; i < agents.length && !this.signal.aborted; i += agentsPerCall) {
      await this.mend(term, agents.slice(i, i + agentsPerCall));
    }
    if (this.cursor === '0' && !this.signal.aborted) await this.tellAgents(term);
    return this.unregistered(workers);
  }

  private begin(term: number): void {
    this.term = term;
    this.cursor = '0';
    this.seen = { busy: 0, idle: 0 };
    this.told = '';
  }

  /** A turn through the database has ended: how many agents there are is for everybody to tell. */
  private async tellAgents(term: number): Promise<void> {
    const { busy, idle } = this.seen;
    this.seen = { busy: 0, idle: 0 };
    const now = `${busy} ${idle}`;
    if (now === this.told) return;
    await runScript(this.redis, 'tune', ['leader', 'agents'].map(this.keys.of), [term, 'busy', busy, 'idle', idle]);
    this.told = now;
  }

  private async scan(): Promise<{ agents: string[]; workers: string[] }> {
    const agents = new Set<string>();
    const workers = new Set<string>();
    const { prefix } = this.keys;
    for (let seen = 0; seen < keysPerLook; seen += keysPerScan) {
      const [cursor, found] = await this.redis.scan(this.cursor, 'MATCH', `${prefix}[alm]*`, 'COUNT', keysPerScan);
      for (const key of found) {
        const [, kind = '', id = ''] = /^(agent|mailbox|lane):(.+)$/.exec(key.slice(prefix.length)) ?? [];
        const [, worker] = /^(.+):(?:prioritized|slots)$/.exec(id) ?? [];
        if (kind !== 'lane') agents.add(id);
        else if (worker !== undefined) workers.add(worker);
      }
      this.cursor = cursor;
      if (cursor === '0') break;
    }
    agents.delete('');
    return { agents: [...agents], workers: [...workers] };
  }

  private async mend(term: number, agents: readonly string[]): Promise<void> {
    const names = ['leader', 'journal'].map(this.keys.of);
    const reply = await runScript(this.redis, 'mend', names, [
      this.keys.prefix,
      term,
      this.tuning.current.sessionTtlMs,
      ...agents,
    ]);
    const [current, mailbox = 0, busy = 0, idle = 0] = reply as [number, number?, number?, number?];
    if (current > 0) this.repairs.current += current;
    this.repairs.mailbox += mailbox;
    this.seen.busy += busy;
    this.seen.idle += idle;
  }

  private async unregistered(workers: readonly string[]): Promise<string[]> {
    if (workers.length === 0) return [];
    const lives = await this.redis.hmget(this.keys.of('incarnations'), ...workers);
    return workers.filter((_, i) => lives[i] === null);
  }
}
