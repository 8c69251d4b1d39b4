import { ShuntError } from '@shunt/sdk';
import { Command, CommanderError, Option } from 'commander';
import type { Environment } from './read-settings.js';
import { type SettingName, settings } from './settings.js';
import { withSettingsFile } from './settings-file.js';

/** Where a setting is from. */
export type Origin = 'flag' | 'environment' | 'file' | 'default';

/** The settings that a process is given, as texts, and where each is from. */
export interface GivenSettings {
  readonly values: Environment;
  readonly originOf: (name: SettingName) => Origin;
}

/** What a program is told: its name, what it does, the settings it has, and defaults of its own. */
export interface Program {
  readonly name: string;
  readonly about: string;
  readonly settings: readonly SettingName[];
  readonly defaults?: Partial<Record<SettingName, string>>;
}

/**
 * Finds what a program is given: by flags, `--slots 8` for `SHUNT_SLOTS`, else by the environment, else by the file of `SHUNT_SETTINGS`.
 * `--help` tells all of them and ends the process.
 *
 * @throws ShuntError INVALID_CONFIG for a flag that it does not have, and as {@link withSettingsFile}; values are not told
 */
export function givenSettings(program: Program, argv: readonly string[], environment: Environment): GivenSettings {
  const flags = flagsOf(program, argv);
  const values = withSettingsFile({ ...environment, ...flags });
  const sources = [
    ['flag', flags],
    ['environment', environment],
    ['file', values],
  ] as const;
  return {
    values,
    originOf: (name) => sources.find(([, from]) => from[name] !== undefined)?.[0] ?? 'default',
  };
}

function flagsOf({ name, about, settings: names, defaults = {} }: Program, argv: readonly string[]): Environment {
  const command = new Command(name)
    .description(about)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  const options = names.map((setting) => {
    const { about: what, fallback } = settings[setting];
    const usual = defaults[setting] ?? fallback;
    return new Option(`${flagOf(setting)} <value>`, usual === undefined ? what : `${what} (${usual})`);
  });
  for (const option of options) command.addOption(option);
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) process.exit(0);
    throw new ShuntError('INVALID_CONFIG', `${withoutValues(error.message)}; --help tells what there is`);
  }
  const told = command.opts<Record<string, string | undefined>>();
  return Object.fromEntries(
    options.flatMap((option, n) => {
      const value = told[option.attributeName()];
      return value === undefined ? [] : [[names[n], value]];
    }),
  );
}

function flagOf(name: SettingName): string {
  return `--${name
    .replace(/^SHUNT_/, '')
    .toLowerCase()
    .replaceAll('_', '-')}`;
}

/** What commander says of a bad flag, without a value: it may be a password in the wrong place. */
function withoutValues(text: string): string {
  return text
    .replace(/'(--?[\w-]+)=[^']*'/, "'$1'")
    .replace(/^error: /, '')
    .replace(/ Expected .*$/s, '');
}
