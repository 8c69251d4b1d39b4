import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilSeen } from '../evidence.js';
import { leaderOf } from '../leader.js';
import type { Site } from '../nemesis.js';

type Struck = Pick<Site, 'run' | 'dispatchers' | 'leaseMs'>;

/** A call of the script by which dispatchers ask to lead, as MONITOR tells it; the first argument after its keys is who asks. */
const asking = /"fcall" "\w+_lead" "2" "[^"]*" "[^"]*" "([^"]*)"/i;

/** Most dispatchers that a storm waits to see ask: the rest may ask after it is over. */
const mostAwaited = 3;

/** Watches who asks to lead, as Redis sees it, while something happens. */
async function watchingContenders(
  { run }: Pick<Site, 'run'>,
  happens: (asked: ReadonlySet<string>) => Promise<void>,
): Promise<void> {
  const asked = new Set<string>();
  const { host = '', port = 0 } = run.redis.options;
  const watch = connect(port, host);
  watch.write('MONITOR\r\n');
  const lines = createInterface(watch);
  await once(lines, 'line');
  lines.on('line', (line) => {
    const [, id] = asking.exec(line) ?? [];
    if (id !== undefined) asked.add(id);
  });
  try {
    await happens(asked);
  } finally {
    watch.destroy();
  }
}

/**
 * Once: all dispatchers stand still, the leader is killed, and when its lease is over all others go on at the same moment, its successor
 * beside them. Resolves to the new term and how many asked for it.
 */
export async function storm({ run, dispatchers, leaseMs }: Struck): Promise<{ term: string; contenders: number }> {
  const leader = () => run.redis.hmget(run.keys.of('leader'), 'id', 'term');
  const [, before] = await leader();
  let first = '';
  await untilSeen('a leader', async () => {
    const { name, does } = await leaderOf({ run, dispatchers });
    first = name;
    return does === 'led';
  });
  const others = dispatchers.filter((name) => name !== first);
  for (const name of others) run.processes.signal(name, 'SIGSTOP');
  const end = await run.processes.end(first, 'SIGKILL');
  if (end !== 'SIGKILL') throw new Error(`${first} had ended before, with ${end}`);
  await sleep(leaseMs);
  let contenders = 0;
  await watchingContenders({ run }, async (asked) => {
    for (const name of others) run.processes.signal(name, 'SIGCONT');
    await run.startDispatcher(first);
    await untilSeen('a new term', async () => (await leader())[1] !== before);
    await untilSeen('others that ask', () => asked.size >= Math.min(mostAwaited, dispatchers.length));
    contenders = asked.size;
  });
  return { term: (await leader())[1] ?? '', contenders };
}
