import { cancelledReason, openPatientRedis, type PoolKeys } from '@shunt/lanes';
import type { TerminalEvent, UnstampedEvent } from '../history/events.js';
import type { History } from '../history/writer.js';

type Fields = Readonly<Record<string, string | undefined>>;
type Translate = (fields: Fields) => UnstampedEvent | null;

/** Reads a stream of a pool from its start to its end and writes what it says into a history, until closed. */
export class StreamFollower {
  private readonly redis;
  private readonly following: Promise<void>;
  private isClosed = false;

  constructor(
    url: string,
    private readonly stream: string,
    private readonly history: History,
    private readonly translate: Translate,
  ) {
    this.redis = openPatientRedis(url);
    this.redis.on('error', () => undefined);
    this.following = this.follow();
  }

  /** Stops reading. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.following;
    this.redis.disconnect();
  }

  private async follow(): Promise<void> {
    let lastId = '0-0';
    for (let isAtEnd = false; !(this.isClosed && isAtEnd); ) {
      const reply = await this.redis.xread('COUNT', 2000, 'BLOCK', 200, 'STREAMS', this.stream, lastId);
      isAtEnd = reply === null;
      for (const [id, flat] of (reply?.[0]?.[1] ?? []) as [string, string[]][]) {
        lastId = id;
        const event = this.translate(fieldsOf(flat));
        if (event !== null) this.history.write(event);
      }
    }
  }
}

/** Follows the journal: which agent was given to which worker, what became of workers, who leads. */
export function followJournal(url: string, keys: PoolKeys, history: History): StreamFollower {
  let order = 0;
  return new StreamFollower(url, keys.of('journal'), history, (fields) => journalEvent(fields, ++order));
}

/** What an entry of the journal says, null for one that no rule asks after. */
function journalEvent({ event, agent = '', worker = '', ...rest }: Fields, order: number): UnstampedEvent | null {
  const assigned = { agent, worker, reason: rest.reason ?? '', fence: Number(rest.fence), order };
  const term = rest.term === undefined ? {} : { term: Number(rest.term) };
  switch (event) {
    case 'placed':
      return { e: event, ...assigned };
    case 'moved':
      return { e: event, ...assigned, from: rest.from ?? '' };
    case 'joined':
    case 'drained':
    case 'left':
    case 'evicted':
      return { e: 'worker', worker, state: event, order, ...term };
    case 'undrained':
      return { e: 'worker', worker, state: 'joined', order };
    case 'leader':
      return { e: event, dispatcher: rest.dispatcher ?? '', term: Number(rest.term), order };
    case 'breaker':
      return { e: event, worker, to: rest.to as 'open' | 'half-open' | 'closed', order };
    case 'repaired':
      return { e: event, agent, worker, reason: rest.reason ?? '', order };
    default:
      return null;
  }
}

/** Follows the events: which task is settled for good. */
export function followEvents(
  url: string,
  keys: PoolKeys,
  history: History,
  onSettled: (task: string) => void,
): StreamFollower {
  return new StreamFollower(url, keys.of('events'), history, ({ event, jobId = '', failedReason }) => {
    if (event !== 'completed' && event !== 'failed') return null;
    onSettled(jobId);
    return { e: 'terminal', task: jobId, state: stateOf(event, failedReason) };
  });
}

/** How a task has ended. */
function stateOf(event: 'completed' | 'failed', failedReason = ''): TerminalEvent['state'] {
  if (failedReason === cancelledReason) return 'cancelled';
  return failedReason.startsWith('expired: ') ? 'expired' : event;
}

function fieldsOf(flat: readonly string[]): Fields {
  const fields: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) fields[String(flat[i])] = String(flat[i + 1]);
  return fields;
}
