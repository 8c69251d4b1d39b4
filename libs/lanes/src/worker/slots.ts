import { raw2NextJobData } from 'bullmq';
import type { PoolKeys } from '../keys.js';
import { runScript, type ScriptArgument } from '../redis/script-runner.js';
import { type Fetched, isTask, nothingFor } from './handed-out.js';
import type { LaneOptions } from './lane-options.js';
import type { TakenAhead } from './taken-ahead.js';

/** What a slot is filled with, as the scripts know it; `0` for nothing. */
export type Takes = '0' | '1' | '2' | '3' | '4';

/** Most slots that one pull fills: 2 ms of Redis. */
const maxPulled = 16;

const nobody: readonly string[] = [];

/** The slots of a worker: what each is filled with, and by which task. */
export class Slots {
  /**
   * Whether the last pull took all there was, with every slot as it was since: BullMQ fetches again after each success, and
   * need not ask. What arrives meanwhile wakes the worker, as long as it has a slot to spare.
   */
  private isDry = false;
  /** In how many ms a worker that runs dry has to look again although nobody wakes it, 0 when it need not. */
  private dryForMs = 0;
  private releasing: Promise<void> | undefined;

  constructor(
    private readonly lane: LaneOptions,
    private readonly pool: PoolKeys,
    private readonly ahead: TakenAhead,
    private readonly onError: (error: Error) => void,
  ) {}

  /** What a slot is filled with, if it is. */
  takes(token: string, isFilled = true): Takes {
    if (!isFilled) return '0';
    if (this.lane.isStraggler()) return this.lane.held.runsColdBeside(token) ? '3' : '4';
    return this.lane.hasLabels ? '2' : '1';
  }

  /** The arguments every script that ends a run takes after BullMQ's own. */
  tail(token: string, isRefilled: boolean): ScriptArgument[] {
    const { maxAgents = '', tuning, life } = this.lane;
    const { sessionTtlMs } = tuning.current;
    const slot = [token, Date.now(), sessionTtlMs, this.takes(token, isRefilled), maxAgents];
    return [this.pool.prefix, life.worker, life.incarnation, ...slot];
  }

  /** Something was asked of Redis that may leave work to be pulled. */
  stir(): void {
    this.isDry = false;
  }

  /** What a slot is filled with that Redis need not be asked for: a task taken ahead, or nothing. Null where it has to be asked. */
  ready(token: string): Fetched | null {
    const taken = this.ahead.claim(token);
    if (taken && this.lane.life.isCurrent(taken.incarnation)) return taken.fetched;
    if (!this.isDry && this.lane.mayFetch()) return null;
    this.isDry = false;
    return nothingFor(this.dryForMs);
  }

  /** The slots that a pull may fill besides the one that BullMQ fetches for: free ones. A straggler takes one task at a time. */
  further(token: string): string[] {
    const { held, isStraggler, slots } = this.lane;
    if (isStraggler()) return [];
    return this.ahead.behind(token, Math.min(slots() - held.size, maxPulled) - 1);
  }

  /** Fills slots with what a pull brought. Returns what the first one got; the others' wait until BullMQ fetches for them. */
  pulled(replies: readonly unknown[], tokens: readonly string[], incarnation: string): Fetched {
    if (!this.lane.life.isCurrent(incarnation)) return nothingFor(0);
    const last = replies.at(-1);
    if (isTask(last)) {
      this.isDry = last[7] === 0;
      this.dryForMs = last[8];
    }
    const [first = nothingFor(0)] = replies.map((reply, i) => {
      const token = tokens[i] ?? '';
      const fetched = this.filled(reply, token, incarnation);
      if (i > 0 && isTask(reply)) this.ahead.keep(token, { task: reply[1], incarnation, fetched });
      return fetched;
    });
    return first;
  }

  /**
   * Fills a slot with what a script handed out. A task that a life fetched which is over by now stays where it is: it goes to the next
   * life or to others.
   */
  filled(reply: unknown, token: string, incarnation: string): Fetched {
    if (!this.lane.life.isCurrent(incarnation)) return nothingFor(0);
    if (!isTask(reply)) return nothingFor(Array.isArray(reply) ? reply[3] : 0);
    const [, id, , , fence, home, agent, , , excess, named, waited] = reply;
    const closers = named === '' ? nobody : named.split(' ');
    const waitedMs = waited === '' ? null : waited;
    this.lane.held.fill(token, id, { agent, fence: Number(fence), home, closers, waitedMs });
    if (excess > 0) {
      this.releasing ??= this.release(incarnation).finally(() => {
        this.releasing = undefined;
      });
    }
    return raw2NextJobData(reply as never);
  }

  /** Has agents taken from a worker that holds more than it can. What fails is tried again with the next task. */
  private async release(incarnation: string): Promise<void> {
    const { life, redis, maxAgents = 0, onRelease } = this.lane;
    const names = [this.pool.of('incarnations'), this.pool.of(`held:${life.worker}`)];
    const args = [this.pool.prefix, life.worker, incarnation, maxAgents];
    try {
      onRelease((await runScript(redis, 'release', names, args)) as string[]);
    } catch (error) {
      this.onError(error as Error);
    }
  }
}
