import { setTimeout as sleep } from 'node:timers/promises';
import { BenchServer } from '../http/server.js';
import type { Finding } from '../trials/finding.js';
import type { Trial, TrialRun } from '../trials/trial.js';
import { BeatingWorkers } from './beating-workers.js';
import { Readers } from './readers.js';

const pool = 'page';
const [workers, scrapedWorkers] = [200, 100];
const tasksPerSecond = 5000;
const readers = 5;
const scrapeEveryMs = 5000;
/** Scrapes of the smaller pool. */
const scrapes = 10;
const seconds = 20;

/** What one round tells. */
interface Round {
  /** CPU of the dispatcher as shares of a core: without readers and scrapes, and with them. */
  readonly alone: number;
  readonly watched: number;
  readonly bytesPerSecond: number;
  /** How long scrapes took beside the workers that are scraped, and beside all. */
  readonly scrapeMs: readonly number[];
  readonly fullScrapeMs: readonly number[];
  readonly series: number;
}

/** What the page and the metrics cost a dispatcher. */
export const livePage: Trial = {
  name: 'page',
  about: `${scrapes} scrapes of a dispatcher beside ${scrapedWorkers} workers; then a dispatcher beside ${workers} workers that beat each 2 s as if they ended ${tasksPerSecond} tasks/s together; then ${readers} readers of the page's stream and a scrape of /metrics each ${scrapeEveryMs / 1000} s, ${seconds} s each. It leads besides, which the first row tells`,
  isAlone: true,
  async run(run) {
    const rounds: Round[] = [];
    for (let round = 0; round < run.rounds; round++) {
      rounds.push(await watch(run));
      run.onRound();
    }
    const told = (what: string, unit: Finding['unit'], values: number[]): Finding => {
      return { what, unit, values, judged: 'median', bar: null };
    };
    return [
      told(
        'CPU of the dispatcher that nobody watches, of a core',
        '%',
        rounds.map(({ alone }) => 100 * alone),
      ),
      {
        ...told(
          'CPU that page and metrics add',
          '%',
          rounds.map(({ alone, watched }) => 100 * (watched - alone)),
        ),
        bar: 10,
      },
      {
        ...told(
          'bytes a second for a reader',
          '',
          rounds.map(({ bytesPerSecond }) => bytesPerSecond),
        ),
        bar: 20_000,
      },
      {
        ...told(
          `scrape of ${scrapedWorkers} workers`,
          'ms',
          rounds.flatMap(({ scrapeMs }) => scrapeMs),
        ),
        judged: 'p99',
        bar: 50,
      },
      told(
        `scrape of ${workers} workers, watched`,
        'ms',
        rounds.flatMap(({ fullScrapeMs }) => fullScrapeMs),
      ),
      {
        ...told(
          `series of ${scrapedWorkers} workers`,
          '',
          rounds.map(({ series }) => series),
        ),
        bar: 2000,
      },
    ];
  },
};

async function watch({ redis, redisUrl, size }: TrialRun): Promise<Round> {
  await redis.flushall();
  const beating = new BeatingWorkers(redis, pool);
  await beating.become(scrapedWorkers, tasksPerSecond);
  const server = await BenchServer.start('shunt', redisUrl, pool);
  const spanMs = 1000 * seconds * size;
  await sleep(spanMs / 4);
  const scrapeMs: number[] = [];
  const series = seriesOf((await scrape(server)).text);
  for (let n = 0; n < scrapes; n++) {
    await sleep(spanMs / 4 / scrapes);
    scrapeMs.push((await scrape(server)).ms);
  }
  await beating.become(workers, tasksPerSecond);
  await sleep(spanMs / 4);

  const alone = await shareOfCore(server, () => sleep(spanMs));
  const open = await Readers.open(server.endpoint, readers);
  const before = open.bytes;
  const fullScrapeMs: number[] = [];
  const watched = await shareOfCore(server, async () => {
    const untilMs = performance.now() + spanMs;
    while (performance.now() < untilMs) {
      fullScrapeMs.push((await scrape(server)).ms);
      await sleep(Math.min(scrapeEveryMs, spanMs / 4));
    }
  });
  const bytesPerSecond = (open.bytes - before) / readers / (spanMs / 1000);
  open.close();
  beating.stop();
  await server.stop();
  return { alone, watched, bytesPerSecond, scrapeMs, fullScrapeMs, series };
}

/** CPU of a server while something goes on, as a share of a core. */
async function shareOfCore(server: BenchServer, during: () => Promise<unknown>): Promise<number> {
  const [cpuS, startMs] = [server.cpuSeconds(), performance.now()];
  await during();
  return ((server.cpuSeconds() - cpuS) * 1000) / (performance.now() - startMs);
}

async function scrape({ endpoint }: BenchServer): Promise<{ text: string; ms: number }> {
  const startMs = performance.now();
  const answer = await fetch(`${endpoint}/metrics`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`/metrics answered ${answer.status}: ${text}`);
  return { text, ms: performance.now() - startMs };
}

function seriesOf(text: string): number {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}
