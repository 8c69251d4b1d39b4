import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '../trials/finding.js';
import type { Trial, TrialRun } from '../trials/trial.js';
import { FaultPool } from './pool.js';
import { testProfile } from './profile.js';

const { leaseMs } = testProfile;
const workers = 3;
const leases = 3;

/** Stops the leader of a pool for three leases, again and again. Resolves to workers declared dead, and tasks started twice. */
async function stopLeaders(run: TrialRun, dispatchers: number): Promise<{ dead: number; twice: number }> {
  const pool = new FaultPool(run, `leader-${dispatchers}`, testProfile);
  const names = Array.from({ length: dispatchers }, (_, n) => `d${n + 1}`);
  await Promise.all(names.map((id) => pool.dispatcher(id)));
  await Promise.all(Array.from({ length: workers }, (_, n) => pool.worker(`w${n + 1}`, 8, 'pass')));
  const leader = () => pool.redis.hmget(pool.keys.of('leader'), 'id', 'expiresAt');
  let sent = 0;
  const traffic = setInterval(() => void pool.enqueue(`a${sent++ % 100}`), 20);
  for (let round = 0; round < run.rounds; round++) {
    const [stopped] = await leader();
    pool.crew.signal(stopped ?? '', 'SIGSTOP');
    await sleep(leases * leaseMs);
    const [leads, expiresAt] = await leader();
    if (leads === stopped && Number(expiresAt) > Date.now()) throw new Error('the stopped leader still leads');
    pool.crew.signal(stopped ?? '', 'SIGCONT');
    await sleep(leaseMs);
    run.onRound();
  }
  clearInterval(traffic);
  await pool.crew.untilStarted(sent);
  const dead = (await pool.journal()).filter(({ event, reason }) => event === 'evicted' && reason === 'dead').length;
  await pool.end();
  return { dead, twice: pool.crew.starts.length - sent };
}

/** A leader that stands still and comes back, alone and with a second dispatcher that leads meanwhile. */
export const leaderStopped: Trial = {
  name: 'leader',
  about: `the leading dispatcher stopped (SIGSTOP) for ${leases} leases and resumed, test profile, ${workers} workers, 50 tasks/s`,
  isAlone: false,
  async run(run) {
    const [alone, withSecond] = await Promise.all([
      stopLeaders(run, 1),
      stopLeaders({ ...run, onRound: () => undefined }, 2),
    ]);
    const count = (what: string, value: number): Finding => ({
      what,
      unit: '',
      values: [value],
      judged: 'max',
      bar: 0,
    });
    return [
      count('workers declared dead, one dispatcher', alone.dead),
      count('workers declared dead, another takes over', withSecond.dead),
      count('tasks started twice', alone.twice + withSecond.twice),
    ];
  },
};
