import type { Trial, TrialRun } from '../trials/trial.js';
import { FaultPool, until } from './pool.js';
import { testProfile } from './profile.js';

const workers = 6;
const mostOpen = Math.max(1, Math.floor(workers / 3));
type Entry = Readonly<Record<string, string>>;

/** Most breakers that were open or half-open at once. */
function openAtOnce(journal: readonly Entry[]): number {
  const notClosed = new Set<string>();
  let most = 0;
  for (const { event, worker = '', to } of journal) {
    if (event !== 'breaker') continue;
    if (to === 'closed') notClosed.delete(worker);
    else notClosed.add(worker);
    most = Math.max(most, notClosed.size);
  }
  return most;
}

/** How often each agent left a home for another worker; each has one task. */
function movesOf(journal: readonly Entry[]): number[] {
  const moves = new Map<string, number>();
  for (const { event, agent = '', from, worker } of journal) {
    if (event === 'placed') moves.set(agent, 0);
    if (event === 'moved' && from !== worker) moves.set(agent, (moves.get(agent) ?? 0) + 1);
  }
  return [...moves.values()];
}

async function failAll(run: TrialRun, openMs: number, round: number): Promise<Entry[]> {
  const pool = new FaultPool(run, `failing-${openMs}-${round}`, testProfile);
  const tasks = Math.round(300 * run.size);
  await pool.dispatcher('d1', openMs);
  await Promise.all(Array.from({ length: workers }, (_, n) => pool.worker(`w${n + 1}`, 4, 'fail')));
  const options = { attempts: 10, backoff: 300 };
  await Promise.all(Array.from({ length: tasks }, (_, n) => pool.enqueue(`a${n}`, options)));
  await until(async () => (await pool.redis.zcard(pool.keys.of('failed'))) === tasks);
  const journal = await pool.journal();
  await pool.end();
  return journal;
}

function failing(name: string, openMs: number, bar: number | null): Trial {
  const opening = `openings of ${openMs / 1000} s`;
  return {
    name,
    about: `${workers} workers x 4 slots fail everything, 300 tasks tried 10 times each over 3 s; ${opening}, then probes`,
    isAlone: false,
    async run(run) {
      const moves: number[] = [];
      const open: number[] = [];
      for (let round = 0; round < run.rounds; round++) {
        const journal = await failAll(run, openMs, round);
        moves.push(...movesOf(journal));
        open.push(openAtOnce(journal));
        run.onRound();
      }
      return [
        { what: `moves per task, all failing, ${opening}`, unit: '', values: moves, judged: 'max', bar },
        { what: `breakers not closed of 6, ${opening}`, unit: '', values: open, judged: 'max', bar: mostOpen },
      ];
    },
  };
}

/** A bad deploy: every worker fails every task. */
export const allFailing = failing('all-failing', 5000, 2);

/** The same with probes within the life of a task: each gives some tasks to a worker that fails, and takes them back. */
export const allFailingProbed = failing('all-failing-probed', 1000, null);

async function failOne(run: TrialRun, round: number): Promise<number> {
  const pool = new FaultPool(run, `bad-${round}`, testProfile);
  await pool.dispatcher('d1');
  await Promise.all([pool.worker('bad', 8, 'fail'), pool.worker('good1', 8, 'pass'), pool.worker('good2', 8, 'pass')]);
  let sent = 0;
  const isOut = async () => (await pool.journal()).some(({ event, worker }) => event === 'breaker' && worker === 'bad');
  while (!(await isOut())) {
    await Promise.all(Array.from({ length: 200 }, () => pool.enqueue(`a${sent++}`, { attempts: 50 })));
  }
  await pool.crew.untilStarted(sent, ({ worker }) => worker !== 'bad');
  const seen = new Set(pool.crew.starts.filter(({ worker }) => worker === 'bad').map(({ task }) => task));
  await pool.end();
  return seen.size;
}

/** One worker of three fails everything. */
export const oneFailing: Trial = {
  name: 'one-failing',
  about: 'one of 3 workers x 8 slots fails everything, tasks of 200 agents at a time until its breaker is open',
  isAlone: false,
  async run(run) {
    const seen: number[] = [];
    for (let round = 0; round < run.rounds; round++) {
      seen.push(await failOne(run, round));
      run.onRound();
    }
    return [{ what: 'tasks that met a failing worker', unit: '', values: seen, judged: 'max', bar: 20 }];
  },
};
