import type { CheckResult } from './check.js';

const shownPerRule = 5;
const shownEvents = 6;

/** Tells the result of a check in a few lines: what the history holds, then the verdict and the first violations of each rule. */
export function formatReport(result: CheckResult): string {
  const { stats, violations, rules } = result;
  const lines = [
    `${stats.submittedTasks} tasks submitted, ${stats.acceptedTasks} accepted, ${stats.starts} starts, ` +
      `${stats.agents} agents, ${stats.faults} faults, ${(stats.spanUs / 1e6).toFixed(1)} s`,
    `settled: ${counted(stats.terminals)}`,
    `homes: ${stats.followUpsOnHome} of ${stats.followUps} follow-ups stayed, ${stats.warmStarts} starts warm; ` +
      `assignments: ${counted(stats.assignments)}`,
  ];
  if (violations.length === 0) return [...lines, `passed: ${rules.join(', ')}`].join('\n');

  lines.push(`FAILED: ${violations.length} violations`);
  for (const rule of rules) {
    const found = violations.filter((violation) => violation.rule === rule);
    if (found.length === 0) continue;
    lines.push(`${rule}: ${found.length}`);
    for (const { message, events } of found.slice(0, shownPerRule)) {
      lines.push(`  ${message}`, ...events.slice(0, shownEvents).map((event) => `    ${JSON.stringify(event)}`));
    }
    if (found.length > shownPerRule) lines.push(`  and ${found.length - shownPerRule} more`);
  }
  return lines.join('\n');
}

function counted(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
