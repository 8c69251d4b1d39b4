import type { JournalEvent } from '../../history/events.js';
import type { AgentRecord, HistoryIndex } from '../history-index.js';
import { countBefore, defaultFaultReachUs, faultOn } from '../lookup.js';
import type { CheckOptions, Violation } from '../rule.js';

/**
 * An agent runs where the journal says its home is, and every change of home has a recorded reason.
 *
 * The starts of an agent must walk through the homes of its journal forwards; a start's fence says which stay it means
 * where the agent came back to a home, if that fence was issued there. Journal times are the times of reading:
 * an entry that was read before a start is in force at that start, one that was read later may be. A stale start on a
 * former home is excused on a worker that a fault struck before.
 */
export function home(index: HistoryIndex, options: CheckOptions): Violation[] {
  const faultReachUs = options.faultReachUs ?? defaultFaultReachUs;
  return [...index.agents.values()].flatMap((agent) => [...unexplained(agent), ...strays(index, agent, faultReachUs)]);
}

function unexplained(agent: AgentRecord): Violation[] {
  const violations: Violation[] = [];
  let previous: JournalEvent | undefined;
  for (const event of agent.journal) {
    if (event.reason === '') {
      const message = `agent ${agent.agent} was given to ${event.worker} without a reason`;
      violations.push({ rule: 'home', message, events: [event] });
    }
    if (event.e === 'moved' && event.from !== previous?.worker) {
      const known = previous === undefined ? 'it had no home' : `its home was ${previous.worker}`;
      const message = `agent ${agent.agent} moved from ${event.from}, but by the journal ${known}`;
      violations.push({ rule: 'home', message, events: previous === undefined ? [event] : [previous, event] });
    }
    previous = event;
  }
  return violations;
}

function strays(index: HistoryIndex, agent: AgentRecord, faultReachUs: number): Violation[] {
  const violations: Violation[] = [];
  const placesOf = new Map<string, number[]>();
  const homes = new Set<string>();
  agent.journal.forEach(({ worker, fence }, place) => {
    homes.add(worker);
    for (const key of [worker, `${fence} ${worker}`]) {
      const places = placesOf.get(key);
      if (places === undefined) placesOf.set(key, [place]);
      else places.push(place);
    }
  });
  const inForce = placesInForce(agent);

  let place = 0;
  agent.runs.forEach(({ start }, nth) => {
    place = Math.max(place, inForce[nth] ?? 0);
    const places = placesOf.get(`${start.fence} ${start.worker}`) ?? placesOf.get(start.worker) ?? [];
    const next = firstFrom(places, place);
    if (next !== undefined) {
      place = next;
    } else if (
      !homes.has(start.worker) ||
      faultOn(index, start.worker, start.t - faultReachUs, start.t) === undefined
    ) {
      const current = agent.journal[place];
      const instead =
        current === undefined ? 'where the journal gave it no home' : `away from its home ${current.worker}`;
      const message = `agent ${agent.agent}: task ${start.task} started on ${start.worker}, ${instead}`;
      violations.push({ rule: 'home', message, events: current === undefined ? [start] : [current, start] });
    }
  });
  return violations;
}

/** For each run the last place of the journal that had been read before it started. */
function placesInForce(agent: AgentRecord): number[] {
  const byReading = agent.journal.map((event, place) => ({ t: event.t, pid: event.pid, place }));
  byReading.sort((left, right) => left.t - right.t);
  let latest = 0;
  const latestOf = byReading.map(({ place }) => {
    latest = Math.max(latest, place);
    return latest;
  });
  return agent.runs.map(({ start }) => latestOf[countBefore(byReading, start.t) - 1] ?? 0);
}

/** The first of the growing places that is not before `from`. */
function firstFrom(places: readonly number[], from: number): number | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  return places[low];
}
