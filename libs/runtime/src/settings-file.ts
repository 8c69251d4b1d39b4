import { readFileSync } from 'node:fs';
import type { FieldProblem } from '@shunt/sdk';
import { invalidSettings } from './invalid-settings.js';
import { parseConfig } from './parse-config.js';
import type { Environment } from './read-settings.js';
import { settings } from './settings.js';
import { unknownSetting } from './unknown-names.js';

/** Names the file, which also names it in errors. */
const fileSetting = 'SHUNT_SETTINGS';

/**
 * Settings as they are given, and below them those of the file that `SHUNT_SETTINGS` names, YAML or JSON, as texts. It may be one for
 * several programs: each takes those it knows.
 *
 * @throws ShuntError INVALID_CONFIG for a file that cannot be read, and naming each entry that is no setting or no plain value
 */
export function withSettingsFile(given: Environment): Environment {
  const path = given[fileSetting];
  return path === undefined ? given : { ...heldBy(path), ...given };
}

function heldBy(path: string): Environment {
  const held: unknown = parseConfig(textOf(path), fileSetting);
  if (typeof held !== 'object' || held === null || Array.isArray(held))
    throw invalidSettings([{ field: fileSetting, message: 'must hold names and values' }]);
  const entries = Object.entries(held);
  const problems = entries.flatMap(([name, value]): FieldProblem[] => {
    const message = problemOf(name, value);
    return message === null ? [] : [{ field: `${fileSetting}.${name}`, message }];
  });
  if (problems.length > 0) throw invalidSettings(problems);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const message = `names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`;
    throw invalidSettings([{ field: fileSetting, message }]);
  }
}

function problemOf(name: string, value: unknown): string | null {
  if (!Object.hasOwn(settings, name)) return unknownSetting(name, Object.keys(settings));
  if (name === fileSetting) return 'must not name another file';
  return ['string', 'number', 'boolean'].includes(typeof value) ? null : 'must be a text or a number';
}
