import type { JournalEvent, StartEvent } from '../../history/events.js';
import type { AgentRecord, HistoryIndex } from '../history-index.js';
import { defaultFaultReachUs, faultOn } from '../lookup.js';
import type { CheckOptions, Violation } from '../rule.js';

/**
 * The fence of an agent grows whenever it changes hands, and every start holds the fence of the agent's last assignment.
 *
 * A start must hold a fence that the journal issued for its worker, not below that of an earlier start nor below one
 * that the journal had been read to issue before. A lower fence is excused on a worker that a fault struck before: it
 * is what lets a stale write be refused. Starts on a worker that never was a home are the home rule's.
 */
export function fence(index: HistoryIndex, options: CheckOptions): Violation[] {
  const faultReachUs = options.faultReachUs ?? defaultFaultReachUs;
  return [...index.agents.values()].flatMap((agent) => [
    ...issuedWrongly(agent),
    ...heldWrongly(index, agent, faultReachUs),
  ]);
}

function issuedWrongly(agent: AgentRecord): Violation[] {
  const violations: Violation[] = [];
  let previous: JournalEvent | undefined;
  for (const event of agent.journal) {
    if (previous !== undefined) {
      const mustGrow = event.worker !== previous.worker;
      if (event.fence < previous.fence || (mustGrow && event.fence === previous.fence)) {
        const message = `agent ${agent.agent}: the fence went from ${previous.fence} to ${event.fence} with a change of hands`;
        violations.push({ rule: 'fence', message, events: [previous, event] });
      }
    }
    previous = event;
  }
  return violations;
}

function heldWrongly(index: HistoryIndex, agent: AgentRecord, faultReachUs: number): Violation[] {
  const issued = new Set(agent.journal.map((event) => issue(event.worker, event.fence)));
  const homes = new Set(agent.journal.map((event) => event.worker));
  const journal = [...agent.journal].sort((left, right) => left.t - right.t);
  const violations: Violation[] = [];
  let read = 0;
  let highest: JournalEvent | StartEvent | undefined;
  for (const { start } of agent.runs) {
    for (let event = journal[read]; event !== undefined && event.t < start.t; event = journal[read]) {
      if (highest === undefined || event.fence > highest.fence) highest = event;
      read += 1;
    }
    if (!homes.has(start.worker)) continue;
    if (!issued.has(issue(start.worker, start.fence))) {
      const message = `agent ${agent.agent}: task ${start.task} holds fence ${start.fence}, never issued for ${start.worker}`;
      violations.push({ rule: 'fence', message, events: [start] });
      continue;
    }
    if (highest !== undefined && start.fence < highest.fence) {
      if (faultOn(index, start.worker, start.t - faultReachUs, start.t) !== undefined) continue;
      const message = `agent ${agent.agent}: task ${start.task} holds fence ${start.fence} after ${highest.fence} was issued`;
      violations.push({ rule: 'fence', message, events: [highest, start] });
      continue;
    }
    highest = start;
  }
  return violations;
}

function issue(worker: string, fenceNumber: number): string {
  return `${fenceNumber} ${worker}`;
}
