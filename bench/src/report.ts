import Table from 'cli-table3';
import type { Measures, Scenario } from './scenarios/scenario.js';
import { median } from './stats.js';
import type { SystemName } from './systems/system.js';

/** All rounds of one scenario, by system. */
export interface Result {
  readonly scenario: string;
  readonly about: string;
  readonly columns: Scenario['columns'];
  readonly rounds: Readonly<Record<SystemName, readonly Measures[]>>;
}

/** The median of a column over a system's rounds. */
export function medianOf(result: Result, system: SystemName, column: string): number {
  return median(result.rounds[system].map((measures) => measures[column] ?? Number.NaN));
}

const shown = (value: number) => (Math.abs(value) >= 100 ? Math.round(value).toString() : value.toPrecision(3));

/** A text table of medians, with the ratio to plain BullMQ's shared queue. */
export function textTable(result: Result): string {
  const names = Object.keys(result.columns);
  const table = new Table({
    head: ['', ...names],
    style: { head: [], border: [] },
    colAligns: ['left', ...names.map(() => 'right' as const)],
  });
  for (const system of Object.keys(result.rounds) as SystemName[]) {
    const cells = names.map((column) => {
      const value = medianOf(result, system, column);
      const ratio = value / medianOf(result, 'bullmq-shared', column);
      return system === 'bullmq-shared' ? shown(value) : `${shown(value)} (x${ratio.toFixed(2)})`;
    });
    table.push([system, ...cells]);
  }
  return `${result.scenario}: ${result.about}\n${table.toString()}`;
}
