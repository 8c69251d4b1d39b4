import { findingsOf } from '../findings.js';
import { count, percent, plural, rate } from '../format.js';
import { useLive } from '../hooks/use-live.js';
import { useMe } from '../hooks/use-me.js';
import { CrashPanel } from '../parts/crash-panel.js';
import { FailedList } from '../parts/failed-list.js';
import { FindAgent } from '../parts/find-agent.js';
import { FindingList } from '../parts/finding-list.js';
import { JournalList } from '../parts/journal-list.js';
import { LatePanel } from '../parts/late-panel.js';
import { OverviewCharts } from '../parts/overview-charts.js';
import { OverviewTiles } from '../parts/overview-tiles.js';
import { Panel } from '../parts/panel.js';
import { SafeActions } from '../parts/safe-actions.js';
import { WorkerTiles } from '../parts/worker-tiles.js';

/** The first page: what is wrong, then the five questions. */
export function OverviewPage() {
  const { now, workers, history, notable } = useLive();
  const { isDemo } = useMe();
  if (now === null) return <p className="dim empty">Waiting for the first look at the pool</p>;
  const up = workers.filter(({ state }) => state === 'up').length;
  const fine = `${plural(up, 'worker')} ${up === 1 ? 'runs' : 'run'} ${rate(now.completedPerSecond)} tasks a second; nothing is late.`;
  const moved = Object.values(now.moves).reduce((sum, moves) => sum + moves, 0);
  return (
    <>
      <h1 className="sr">Overview</h1>
      <FindingList findings={findingsOf(now, workers)} fine={fine} />
      {isDemo && now.demo !== null ? <CrashPanel tally={now.demo} /> : null}
      <OverviewTiles now={now} workers={workers} />
      <OverviewCharts history={history} />
      <div className="columns">
        <Panel
          title="Is anybody working?"
          aside={<a href="#/workers">{plural(workers.length, 'worker')}</a>}
          className="wide"
        >
          <WorkerTiles workers={workers} />
        </Panel>
        <LatePanel now={now} workers={workers} />
        <Panel title="What is failing?" aside={<a href="#/tasks?state=failed">{count(now.totals.failed)} failed</a>}>
          <FailedList />
        </Panel>
        <Panel title="What changed?" aside={<a href="#/events">All events</a>}>
          <JournalList entries={notable.slice(0, 12)} empty="Nothing in the journal's newest part." />
        </Panel>
        <Panel title="Where is agent X, and why?" aside={<a href="#/agents">All agents</a>}>
          <FindAgent />
        </Panel>
        <Panel title="What can I safely do now?">
          <SafeActions />
        </Panel>
        <Panel title="Who moved, and why?" aside={`${count(moved)} moves, ${percent(now.warmRatio)} warm`}>
          <MovesList moves={now.moves} />
        </Panel>
      </div>
    </>
  );
}

const reasons: Readonly<Record<string, string>> = {
  dead: 'their worker died',
  draining: 'their worker was drained or stopped',
  breaker: "their worker's breaker opened",
  'idle-pull': 'an idle worker took what waited too long',
  'evicted-state': 'their worker held too many agents',
  'wrong-worker': 'their worker refused the task',
  'retry-elsewhere': 'their task failed there',
  released: 'an operator released or moved them',
  straggler: 'their worker fell behind its own past',
  evicted: 'an operator gave what waited for their worker to others, or it was taken for dead by mistake',
  labels: 'their next task requires a label that their worker lacks',
};

function MovesList({ moves }: { readonly moves: Readonly<Record<string, number>> }) {
  const rows = Object.entries(moves).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return <p className="dim empty">No agent has left its home.</p>;
  return (
    <ul className="moves">
      {rows.map(([reason, moved]) => (
        <li key={reason}>
          <b>{count(moved)}</b> {reasons[reason] ?? reason}
        </li>
      ))}
    </ul>
  );
}
