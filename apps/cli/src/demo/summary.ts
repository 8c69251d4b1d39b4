import pc from 'picocolors';
import { lostTasks, type Sight, waitsOf, warmShare } from './sight.js';

const next = [
  ['npm start -- --workers 6 --speed 120', 'more workers, twice as fast'],
  ['npm start -- --rounds 1', 'once, with a count of what was lost'],
  ['npm start -- --help', 'what else the demo can be told'],
  ['npm run dispatcher', 'a dispatcher for your own Redis (*)'],
  ['npm run worker', 'a worker that knows echo and sleep (*)'],
  ['npm run bench', 'speed beside plain BullMQ'],
] as const;
const footnote = `  (*) SHUNT_REDIS_URL says where it is, else redis://127.0.0.1:6379
      A worker with tasks of your own:
      ${pc.cyan('SHUNT_HANDLERS=./examples/handlers.mjs npm run worker')}`;

/** Agents that moved as their worker died or was drained. */
export function movedAgents({ stats: { bound } }: Sight): number {
  return (bound.dead ?? 0) + (bound.draining ?? 0);
}

/** What was seen until a round ended and the next one began. */
export function roundLine(sight: Sight): string {
  const { rounds, done, failed } = sight.tally;
  return `round ${rounds - 1} is sent: ${done} tasks done, ${failed} failed, ${movedAgents(sight)} agents moved; again, Ctrl C ends it`;
}

/** What was seen. */
export function summary(sight: Sight): string {
  const { stats, tally, seconds } = sight;
  const { done, failed, refused, firstDoneMs, enqueued } = tally;
  const ended = `${done} in ${seconds.toFixed(1)} s, ${Math.round(done / Math.max(seconds, 0.001))} a second`;
  const lost = lostTasks(sight);
  const underWay = enqueued - done - failed - lost;
  const fresh = stats.bound.new ?? 0;
  const rows = [
    ['tasks done', ended],
    ['lost', underWay > 0 ? `${lost}; ${underWay} were under way as it ended` : String(lost)],
    ['failed', `${failed}, refused ${refused}`],
    ['agents', `${fresh} found a home, ${movedAgents(sight)} moved`],
    ['warm share', `${warmShare(stats)} of all starts, an agent's first included, which is cold`],
    ['waits', `p50 / p99 at most ${waitsOf(stats.waits)}`],
    ['first task', firstDoneMs === null ? 'not done' : `done after ${(firstDoneMs / 1000).toFixed(1)} s`],
  ];
  return ['', ...rows.map(([name = '', value]) => `  ${pc.bold(name.padEnd(10))}  ${value}`), ''].join('\n');
}

/** What to try after the demo. */
export function nextCommands(): string {
  const width = Math.max(...next.map(([command]) => command.length));
  const lines = next.map(([command, what]) => `  ${pc.cyan(command.padEnd(width))}  ${what}`);
  return [pc.bold('Try next'), ...lines, footnote, ''].join('\n');
}
