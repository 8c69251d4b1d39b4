import { type FieldProblem, formatDuration } from '@shunt/sdk';
import type { GivenSettings } from './given-settings.js';
import { invalidSettings } from './invalid-settings.js';
import { type SettingName, type Settings, settings } from './settings.js';
import { unknownNames } from './unknown-names.js';

/** The variables of a process, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a script or template writes when it had nothing to write. */
const nothings = ['undefined', 'null', 'NaN'];

/**
 * Reads the named settings from what is given. `defaults` replace the table's.
 *
 * @throws ShuntError INVALID_CONFIG listing every bad or unknown SHUNT_ variable, without its value
 */
export function readSettings<Name extends SettingName>(
  wanted: readonly Name[],
  environment: Environment,
  defaults: Partial<Record<Name, string>> = {},
): Settings<Name> {
  const problems = unknownNames(environment);
  const values: Record<string, unknown> = {};
  for (const name of wanted) {
    const given = environment[name] ?? defaults[name] ?? settings[name].fallback;
    if (given === undefined) continue;
    const result = settings[name].type.safeParse(given);
    if (result.success && !nothings.includes(given)) values[name] = result.data;
    else problems.push({ field: name, message: nothingProblem(given) ?? result.error?.issues[0]?.message ?? '' });
  }
  problems.push(...leaseProblem(values));
  if (problems.length > 0) throw invalidSettings(problems);
  return values as Settings<Name>;
}

/** The effective settings with their origin, one line each, secrets masked. */
export function effectiveSettings(
  wanted: readonly SettingName[],
  { values, originOf }: GivenSettings,
  defaults: Partial<Record<SettingName, string>> = {},
): Record<string, string> {
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const value = values[name] ?? defaults[name] ?? settings[name].fallback;
      if (value === undefined) return [];
      const shown = settings[name].isSecret ? '***' : masked(value);
      return [[name, `${shown} (${originOf(name)})`]];
    }),
  );
}

function nothingProblem(given: string): string | null {
  if (given === '') return 'must not be empty';
  return nothings.includes(given) ? `must not be the word ${given}: whatever sets it had no value` : null;
}

/** A lease that two lost heartbeats end would have healthy workers declared dead. */
function leaseProblem({ SHUNT_LEASE: lease, SHUNT_HEARTBEAT: heartbeat }: Record<string, unknown>): FieldProblem[] {
  if (typeof lease !== 'number' || typeof heartbeat !== 'number' || lease >= 3 * heartbeat) return [];
  const least = formatDuration(3 * heartbeat);
  return [{ field: 'SHUNT_LEASE', message: `must be at least three times SHUNT_HEARTBEAT: ${least} or more` }];
}

/** Hides user, password and query of a URL, and hashes of keys. A password may itself hold `@` and `/`, so all up to the last `@` goes. */
function masked(value: string): string {
  const shown = value.replace(/:\/\/.*@/s, '://***@').replace(/(:\/\/[^?]*)\?.*$/s, '$1?***');
  return shown.replace(/[0-9a-f]{64}/g, '***');
}
