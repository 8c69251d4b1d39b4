import { readFileSync } from 'node:fs';
import { nearestName, ShuntError } from '@shunt/sdk';
import { parseConfig } from './parse-config.js';
import type { Environment } from './read-settings.js';
import { settings } from './settings.js';

/**
 * The settings that the file of `SHUNT_SETTINGS` holds, YAML or JSON, as texts; none where no file is named. It may be one for several
 * programs: each takes those it knows.
 *
 * @throws ShuntError INVALID_CONFIG for a file that cannot be read, and naming each entry that is no setting or no plain value
 */
export function settingsFile({ SHUNT_SETTINGS: path }: Environment): Environment {
  if (path === undefined) return {};
  const held: unknown = parseConfig(textOf(path), 'SHUNT_SETTINGS');
  if (typeof held !== 'object' || held === null || Array.isArray(held)) refuse([['', 'must hold names and values']]);
  const entries = Object.entries(held);
  const problems = entries.flatMap(([name, value]) => {
    const problem = problemOf(name, value);
    return problem === null ? [] : [[name, problem] as const];
  });
  if (problems.length > 0) refuse(problems);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return refuse([['', `names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`]]);
  }
}

function problemOf(name: string, value: unknown): string | null {
  if (!Object.hasOwn(settings, name)) {
    const near = nearestName(name, Object.keys(settings));
    return `is not a known setting${near ? `: did you mean ${near}?` : ''}`;
  }
  if (name === 'SHUNT_SETTINGS') return 'must not name another file';
  return ['string', 'number', 'boolean'].includes(typeof value) ? null : 'must be a text or a number';
}

function refuse(problems: readonly (readonly [entry: string, message: string])[]): never {
  const details = problems.map(([entry, message]) => {
    return { field: entry === '' ? 'SHUNT_SETTINGS' : `SHUNT_SETTINGS.${entry}`, message };
  });
  const lines = details.map(({ field, message }) => `  ${field} ${message}`);
  throw new ShuntError('INVALID_CONFIG', `Invalid settings:\n${lines.join('\n')}`, { details });
}
