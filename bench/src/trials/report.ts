import Table from 'cli-table3';
import { type Finding, figuresOf, isMet } from './finding.js';
import type { Trial } from './trial.js';

/** One trial and what was found. */
export interface TrialResult {
  readonly trial: string;
  readonly about: string;
  readonly findings: readonly Finding[];
}

/** Puts a trial and what was found together. */
export function resultOf({ name, about }: Trial, findings: readonly Finding[]): TrialResult {
  return { trial: name, about, findings };
}

/** A text table of every finding and whether it is within its bar, with what was done below. */
export function trialTable(results: readonly TrialResult[]): string {
  const table = new Table({
    head: ['', 'n', 'median', 'p99', 'max', 'bar', ''],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left', 'left'],
  });
  for (const { findings } of results) for (const finding of findings) table.push(rowOf(finding));
  const notes = results.map(({ trial, about }) => `${trial}: ${about}`);
  return [table.toString(), '', ...notes].join('\n');
}

function rowOf(finding: Finding): string[] {
  const { what, unit, values, judged, bar, isFloor = false } = finding;
  const { median, p99, max } = figuresOf(finding);
  const isCount = unit === '' && values.every(Number.isInteger);
  const shown = (value: number) => (isCount || value >= 100 ? Math.round(value).toString() : value.toPrecision(3));
  const name = unit === '' ? what : `${what}, ${unit}`;
  const limit = bar === null ? '' : `${judged} ${isFloor ? '>=' : '<='} ${bar}`;
  return [name, String(values.length), shown(median), shown(p99), shown(max), limit, verdictOf(finding)];
}

function verdictOf(finding: Finding): string {
  const met = isMet(finding);
  if (met === null) return '';
  return met ? 'met' : 'MISSED';
}
