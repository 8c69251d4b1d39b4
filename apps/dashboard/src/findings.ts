import type { LiveWorker, Overview } from './api/types.js';
import { percent, plural } from './format.js';

/** Something that is wrong, most urgent level first: somebody has to act, or to look. */
export interface Finding {
  readonly level: 'bad' | 'warn';
  readonly title: string;
  readonly detail: string;
  /** Where to look or act: an address within the page. */
  readonly href: string;
  readonly action: string;
}

/** What is wrong with a pool, the worst first; empty when all is well. */
export function findingsOf(now: Overview, workers: readonly LiveWorker[]): readonly Finding[] {
  if (!now.redis.isUp) return [redisDown];
  const found = [...now.alerts.map((alert) => ofAlert(alert, now)), ...idleness(now, workers), ...single(workers)];
  return [...found.filter(({ level }) => level === 'bad'), ...found.filter(({ level }) => level === 'warn')];
}

const redisDown: Finding = {
  level: 'bad',
  title: 'Redis does not answer',
  detail:
    'Nothing is taken, started or settled until it is back. What was accepted is kept by Redis; running tasks go on.',
  href: '#/pool',
  action: 'See where Redis is',
};

type Alert = Overview['alerts'][number];

/** What each alert is called here, and where one looks or acts. */
const ofAlerts: Readonly<Record<Alert['alert'], readonly [title: string, href: string, action: string]>> = {
  high_error_rate: ['Too many attempts fail', '#/tasks?state=failed', 'See what fails'],
  slow_response: ['Attempts take too long', '#/workers', 'See where'],
  node_down: ['Workers are down', '#/workers', 'See which'],
  no_workers: ['No worker takes tasks', '#/workers', 'Start one, or let one back'],
  work_is_late: ['Work is late', '#/tasks?state=lane', 'See why'],
  hot_worker: ['One worker is far behind the others', '#/workers', 'See its lane'],
  pool_full: ['New tasks are refused', '#/pool', 'See how much waits'],
  pool_paused: ['The queue is paused', '#/pool', 'See what waits'],
  breakers_open: ['Breakers are open', '#/workers', 'See which'],
  stuck_agent: ['Agents were stuck', '#/events', 'See which'],
  crash_loop: ['Workers die again and again', '#/events', 'See when and which'],
  poison: ['Tasks bring their workers down', '#/tasks?state=failed', 'See which'],
  data_lost: ['Redis lost the data of this pool', '#/pool', 'See what is there'],
  no_leader: ['No dispatcher leads', '#/events', 'See the last leaders'],
  redis_down: ['Redis does not answer', '#/pool', 'See where Redis is'],
};

/** Alerts that name a state in which the pool still does its work. */
const mild: ReadonlySet<Alert['alert']> = new Set(['hot_worker', 'stuck_agent', 'breakers_open']);

function ofAlert({ alert, state, text }: Alert, { oldest }: Overview): Finding {
  const [title, href, action] = ofAlerts[alert];
  const isBad = state === 'firing' && !mild.has(alert);
  const isTask = alert === 'work_is_late' && oldest !== null;
  const place = isTask ? ` It waits in ${placeOf(oldest)}.` : '';
  return {
    level: isBad ? 'bad' : 'warn',
    title,
    detail: `${text}.${place}${state === 'pending' ? ' Not for long enough yet to alert.' : ''}`,
    href: isTask ? `#/tasks/${encodeURIComponent(oldest.id)}` : href,
    action,
  };
}

/** What no alert tells yet, as it has just begun. */
function idleness(now: Overview, workers: readonly LiveWorker[]): Finding[] {
  const { tasks, unserved, alerts } = now;
  const waiting = tasks.intake + tasks.yard + tasks.lane;
  const found: Finding[] = [];
  const isTold = alerts.some(({ alert }) => alert === 'no_workers');
  if (!isTold && !workers.some(({ state }) => state === 'up'))
    found.push({
      level: 'bad',
      title: workers.length === 0 ? 'No worker runs' : 'No worker takes tasks',
      detail: `${plural(waiting, 'task')} wait. ${workers.length === 0 ? 'Start a worker.' : 'Each is drained, out or dead.'}`,
      href: '#/workers',
      action: workers.length === 0 ? 'See the workers' : 'Let one back',
    });
  if (unserved > 0)
    found.push({
      level: 'warn',
      title: `${plural(unserved, 'task')} require labels that no worker carries`,
      detail: 'They wait for a worker that does, or for the end of their ttl.',
      href: '#/tasks?state=yard',
      action: 'See which',
    });
  return found;
}

function single(workers: readonly LiveWorker[]): Finding[] {
  return workers.flatMap(({ id, state, breaker, errorRatio }) => {
    const href = `#/workers/${encodeURIComponent(id)}`;
    const warn = (title: string, detail: string, action: string): Finding[] => [
      { level: 'warn', title, detail, href, action },
    ];
    if (state === 'dead')
      return warn(
        `Worker ${id} is dead`,
        'It stopped beating. Its agents and tasks go to the others.',
        'Watch them move',
      );
    if (state === 'drained')
      return warn(`Worker ${id} is drained`, 'It gets nothing until somebody lets it back.', 'Let it back');
    if (breaker === 'closed') return [];
    const treatment = breaker === 'open' ? 'gets nothing' : 'is tried with a few tasks';
    return warn(
      `The breaker of worker ${id} is ${breaker}`,
      `${percent(errorRatio)} of its recent attempts failed by its fault. It ${treatment}.`,
      'See what fails there',
    );
  });
}

/** Where a task waits, in words. */
export function placeOf({ state, worker }: NonNullable<Overview['oldest']>): string {
  if (state === 'lane') return `the lane of ${worker}`;
  return state === 'yard' ? 'the yard, as its agent has no home' : 'the intake';
}
