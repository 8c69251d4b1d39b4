import { nowUs } from '../clock.js';
import { mean } from '../stats.js';
import type { Finding } from '../trials/finding.js';
import type { Trial, TrialRun } from '../trials/trial.js';
import { warmColdInWords } from '../warm-cold-setting.js';
import { WarmColdLoad } from './warm-cold-load.js';

const ratePerSecond = 700;
const seconds = 30;
const reads = 200_000;
const agents = 4096;

/** What a cache of agents' homes would hit, and what it could save: the reads of a home within a script. */
export const routingCache: Trial = {
  name: 'routing-cache',
  about: `share of tasks whose agent ran its task before on the same worker, which is what a cache of homes before Redis would hit: ${warmColdInWords}, ${ratePerSecond} tasks/s for ${seconds} s, the first third left out; and the time of ${reads} reads of agents' hashes within one script, of what is needed whatever the home is (the current task) and with the home and pin beside it`,
  isAlone: true,
  async run(run) {
    const hits: number[] = [];
    const without: number[] = [];
    const withHome: number[] = [];
    for (let round = 1; round <= run.rounds; round++) {
      hits.push(await hitShare(run, round));
      without.push(await readUs(run, "'cur'"));
      withHome.push(await readUs(run, "'cur', 'home', 'pin'"));
      run.onRound();
    }
    const told = (what: string, unit: Finding['unit'], values: number[]): Finding => {
      return { what, unit, values, judged: 'median', bar: null };
    };
    return [
      told('agents found at the home of their task before', '%', hits),
      told('read of an agent without its home, in a script', 'us', without),
      told('read of an agent with its home, in a script', 'us', withHome),
      told(
        'what a hit would save',
        'us',
        withHome.map((us, n) => us - (without[n] ?? 0)),
      ),
    ];
  },
};

async function hitShare({ redis, redisUrl, size, slower }: TrialRun, seed: number): Promise<number> {
  await redis.flushall();
  const load = await WarmColdLoad.startEmpty('shunt', { redisUrl, slower, seed });
  const spell = { ratePerSecond: ratePerSecond / slower, settleSeconds: 0, spans: 1 };
  const { records } = await load.serve({ ...spell, spanSeconds: seconds * size * slower });
  await load.stop();
  const byStart = [...records].sort((a, b) => a[2] - b[2]);
  const lastAt = new Map<string, number>();
  const hits = byStart.map(([agent, , , , , worker]) => {
    const isHit = lastAt.get(agent) === worker;
    lastAt.set(agent, worker);
    return isHit ? 1 : 0;
  });
  return 100 * mean(hits.slice(Math.floor(hits.length / 3)));
}

/** How long a script takes to read these fields of an agent, in us. */
async function readUs({ redis }: TrialRun, fields: string): Promise<number> {
  const fill = redis.pipeline();
  for (let n = 0; n < agents; n++)
    fill.hset(`agent:${n}`, { cur: `a${n}~1`, home: 'w1', fence: '1', ran: 'w1:1', pin: '' });
  await fill.exec();
  const script = (read: string) => `for i = 1, ${reads} do local key = 'agent:' .. (i % ${agents}); ${read} end`;
  const timed = async (read: string) => {
    const startUs = nowUs();
    await redis.eval(script(read), 0);
    return nowUs() - startUs;
  };
  const emptyUs = await timed('');
  const readingUs = await timed(`redis.call('HMGET', key, ${fields})`);
  return (readingUs - emptyUs) / reads;
}
