import { redisCpuSeconds } from '../redis-cpu.js';
import { median } from '../stats.js';
import type { Finding } from '../trials/finding.js';
import type { Trial, TrialRun } from '../trials/trial.js';
import { send } from './load.js';
import { BenchServer, type ServerKind } from './server.js';

/** How tasks are sent. */
interface Way {
  readonly name: string;
  readonly path: string;
  readonly inFlight: number;
  readonly tasksPerRequest: number;
  /** Least tasks per second. */
  readonly bar: number;
}

const ways: readonly Way[] = [
  { name: 'single', path: '/v1/tasks', inFlight: 64, tasksPerRequest: 1, bar: 3000 },
  { name: 'bulk', path: '/v1/tasks/bulk', inFlight: 4, tasksPerRequest: 500, bar: 20_000 },
];
const kinds: readonly ServerKind[] = ['bare', 'shunt'];
const agents = 1000;
const seconds = 5;

/** What a producer over HTTP gets acknowledged in a second, beside a bare route of Fastify that does `queue.add`. */
export const enqueueing: readonly Trial[] = ways.map((way) => ({
  name: way.name,
  about: `one client with ${way.inFlight} requests in flight, ${way.tasksPerRequest} tasks in each, of ${agents} agents, for ${seconds} s, no workers; beside a bare Fastify route that does queue.add or addBulk, in turn; client, server and Redis share the cores`,
  isAlone: true,
  async run(run) {
    const rounds: Record<ServerKind, Rate[]> = { bare: [], shunt: [] };
    for (let round = 0; round < run.rounds; round++) {
      for (const kind of kinds) rounds[kind].push(await measure(run, kind, way));
      run.onRound();
    }
    return findings(way, rounds.shunt, rounds.bare);
  },
}));

interface Rate {
  readonly perSecond: number;
  readonly redisUs: number;
}

async function measure({ redis, redisUrl, size }: TrialRun, kind: ServerKind, way: Way): Promise<Rate> {
  await redis.flushall();
  const server = await BenchServer.start(kind, redisUrl);
  const load = { url: `${server.endpoint}${way.path}`, inFlight: way.inFlight, bodyOf: (n: number) => bodyOf(way, n) };
  await send({ ...load, seconds: 1 });
  const beforeS = await redisCpuSeconds(redis);
  const { answered, seconds: tookS } = await send({ ...load, seconds: size * seconds });
  const redisS = (await redisCpuSeconds(redis)) - beforeS;
  await server.stop();
  const tasks = answered * way.tasksPerRequest;
  return { perSecond: tasks / tookS, redisUs: (redisS * 1e6) / tasks };
}

function bodyOf({ tasksPerRequest }: Way, n: number): string {
  const task = (nth: number) => ({
    task: 'turn',
    input: { text: 'What did we say yesterday?', nth },
    options: { agentId: `agent-${nth % agents}` },
  });
  if (tasksPerRequest === 1) return JSON.stringify(task(n));
  return JSON.stringify({
    tasks: Array.from({ length: tasksPerRequest }, (_, nth) => task(n * tasksPerRequest + nth)),
  });
}

function findings({ name, bar }: Way, shunt: readonly Rate[], bare: readonly Rate[]): Finding[] {
  const told = (what: string, unit: Finding['unit'], values: number[]): Finding => {
    return { what: `${name}: ${what}`, unit, values, judged: 'median', bar: null };
  };
  const rates = (of: readonly Rate[]) => of.map(({ perSecond }) => perSecond);
  const cpu = (of: readonly Rate[]) => of.map(({ redisUs }) => redisUs);
  return [
    { ...told('tasks by Shunt', '1/s', rates(shunt)), bar, isFloor: true },
    told('tasks by a bare route', '1/s', rates(bare)),
    told('Shunt over the bare route, medians', '', [median(rates(shunt)) / median(rates(bare))]),
    told('Redis CPU a task, Shunt', 'us', cpu(shunt)),
    told('Redis CPU a task, bare route', 'us', cpu(bare)),
  ];
}
