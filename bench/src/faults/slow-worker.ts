import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, zipfSampler } from '@shunt/workload';
import { nowUs } from '../clock.js';
import { atPoissonTimes } from '../scenarios/latency.js';
import { quantile } from '../stats.js';
import type { Finding } from '../trials/finding.js';
import type { Trial, TrialRun } from '../trials/trial.js';
import type { Start } from './crew.js';
import { slowBy } from './crew-task.js';
import { FaultPool } from './pool.js';
import { testProfile } from './profile.js';

const workers = 8;
const slots = 8;
const runMs = 200;
const ratePerSecond = Math.round((0.6 * workers * slots) / (runMs / 1000));
const [healthySeconds, slowSeconds, noticedSeconds] = [20, 40, 10];
const victim = 'w1';

/** p99 of enqueued to ended, in ms. */
interface Sojourns {
  readonly healthy: number;
  readonly slow: number;
  readonly noticed: number;
  /** Share of the tasks that the slow worker took once it was noticed. */
  readonly shareOfSlow: number;
}

/** One worker of eight becomes ten times as slow under load. */
export const slowWorker: Trial = {
  name: 'slow-worker',
  about: `one of ${workers} workers x ${slots} slots takes ${slowBy} times as long from one moment on; ${ratePerSecond} tasks/s of ${runMs} ms, load 0.6, 1,000 agents of Zipf 1.0 cut at 0.3 of a slot; ${healthySeconds} s before and ${slowSeconds} s after, of which the first ${noticedSeconds} s are until it is noticed`,
  isAlone: true,
  async run(run) {
    const found: Sojourns[] = [];
    for (let round = 1; round <= run.rounds; round++) {
      found.push(await slowDown(run, round));
      run.onRound();
    }
    const told = (what: string, of: (one: Sojourns) => number): Finding => {
      return { what, unit: '', values: found.map(of), judged: 'median', bar: null };
    };
    return [
      { ...told('p99 sojourn, all well', ({ healthy }) => healthy), unit: 'ms' },
      { ...told('p99 sojourn from when a worker is slow, of that', ({ slow, healthy }) => slow / healthy), bar: 1.5 },
      { ...told('p99 sojourn once it is noticed, of that', ({ noticed, healthy }) => noticed / healthy), bar: 1.5 },
      told('share of tasks that it then takes', ({ shareOfSlow }) => shareOfSlow),
    ];
  },
};

async function slowDown(run: TrialRun, round: number): Promise<Sojourns> {
  const pool = new FaultPool(run, `slow-${round}`, testProfile);
  await pool.dispatcher('d1');
  await Promise.all(Array.from({ length: workers }, (_, n) => pool.worker(`w${n + 1}`, slots, 'pass')));
  const random = seededRandom(round);
  const capShare = 0.3 / (ratePerSecond * (runMs / 1000));
  const rank = zipfSampler({ agents: 1000, capShare }, random);
  const scale = run.size * run.slower;
  const taskMs = runMs * run.slower;
  const startUs = nowUs();
  const slowFromUs = startUs + healthySeconds * scale * 1e6;
  const durationMs = (healthySeconds + slowSeconds) * scale * 1000;
  const slowing = sleep(healthySeconds * scale * 1000).then(() => pool.crew.behave(victim, 'slow'));
  const offered = { ratePerSecond: ratePerSecond / run.slower, durationMs };
  const sending = atPoissonTimes(offered, random, () => pool.enqueue(`a${rank()}`, {}, taskMs));
  const [sent] = await Promise.all([sending, slowing]);
  await pool.crew.untilStarted(sent);
  await pool.end();
  return sojournsOf(pool.crew.starts, taskMs, slowFromUs, noticedSeconds * scale * 1e6);
}

function sojournsOf(starts: readonly Start[], taskMs: number, slowFromUs: number, noticedUs: number): Sojourns {
  const sojournMs = ({ worker, enqueuedUs, startedUs }: Start) =>
    (startedUs - enqueuedUs) / 1000 + taskMs * (worker === victim && startedUs >= slowFromUs ? slowBy : 1);
  const p99 = (of: (start: Start) => boolean) => quantile(starts.filter(of).map(sojournMs), 0.99);
  const noticed = starts.filter(({ enqueuedUs }) => enqueuedUs >= slowFromUs + noticedUs);
  return {
    // The first half warms up.
    healthy: p99(({ enqueuedUs }) => enqueuedUs < slowFromUs && enqueuedUs >= slowFromUs - 1.2 * noticedUs),
    slow: p99(({ enqueuedUs }) => enqueuedUs >= slowFromUs),
    noticed: p99(({ enqueuedUs }) => enqueuedUs >= slowFromUs + noticedUs),
    shareOfSlow: noticed.filter(({ worker }) => worker === victim).length / noticed.length,
  };
}
