import type { LiveWorker, Overview } from '../api/types.js';
import { count, percent, plural } from '../format.js';
import { Facts } from './facts.js';
import { Panel } from './panel.js';

/** Share of its slots that a pool is sized for: above it waits grow fast. */
const target = 0.8;

/** How big the pool is beside what it has to do. */
export function ScalePanel({ now, workers }: { readonly now: Overview; readonly workers: readonly LiveWorker[] }) {
  const up = workers.filter(({ state }) => state === 'up');
  const slots = up.reduce((sum, one) => sum + one.slots, 0);
  const { intake, yard, lane, running } = now.tasks;
  const load = intake + yard + lane + running;
  const each = up.length > 0 ? slots / up.length : 0;
  const wanted = each > 0 ? Math.max(1, Math.ceil(load / (each * target))) : null;
  return (
    <Panel title="Scaling" aside={`sized for ${percent(target)} of the slots`}>
      <Facts
        rows={[
          ['Load', `${plural(load, 'task')} run or wait for a slot`],
          ['Slots', `${count(slots)}, of ${plural(up.length, 'worker')}`],
          ['Used', percent(slots > 0 ? running / slots : null)],
          [
            'Workers that this load takes',
            wanted === null ? 'unknown without one' : <b key="wanted">{count(wanted)}</b>,
          ],
        ]}
      />
    </Panel>
  );
}
