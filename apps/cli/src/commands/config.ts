import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ChangedConfig,
  type ConfigChanges,
  changePoolConfig,
  changesBetween,
  checkPoolConfig,
  invalidConfig,
  nestedConfig,
  type PoolConfigInput,
  plannedPoolConfig,
  readPoolConfig,
  type VersionedConfig,
  workersOf,
} from '@shunt/lanes';
import { parseConfig } from '@shunt/runtime';
import { type Command, InvalidArgumentError } from 'commander';
import { changesText, configTable } from '../config-text.js';
import { type ConfirmOptions, confirm, withYes } from '../confirm.js';
import { type OrdererOptions, withOrderer } from '../orderer.js';
import { type FormOptions, type OutputOptions, tell, tellEntry, withForm, withOutput } from '../output.js';
import { withRedis } from '../pool-command.js';
import { stopping } from '../stopping.js';

interface WriteOptions extends OutputOptions, OrdererOptions {
  readonly ifVersion?: number;
  readonly dryRun?: boolean;
}

/** Time between looks of `watch`. */
const lookMs = 400;

/** Adds `config show`, `set`, `apply`, `check` and `watch`. */
export function addConfig(config: Command): void {
  withOutput(config.command('show').description('every key with its value, and who does not go by it yet')).action(
    show,
  );
  writing(config.command('set <key=value...>'))
    .description('change keys, all of them or none; an empty value takes a key back to the settings of the processes')
    .action(setKeys);
  withYes(writing(config.command('apply <file>')))
    .description('make a file, YAML or JSON, the whole configuration')
    .action(async (file: string, options: WriteOptions & ConfirmOptions) => {
      const told = await read(file);
      if (!options.dryRun)
        await confirm(`make ${file} the whole configuration, and take back what is not in it`, options);
      await write(told, options, true);
    });
  withForm(config.command('check <file>').description('tell what is wrong with a file, without a pool'))
    .option('--strategy <name...>', "names of the pool's own strategies")
    .action(async (file: string, { strategy = [], output }: FormOptions & { strategy?: string[] }) => {
      const checked = checkPoolConfig(await read(file), strategy);
      tell({ file, config: checked }, { output }, () => `${file} is a good configuration`);
    });
  withOutput(config.command('watch').description('tell every change until Ctrl C')).action(watch);
}

/** Changes keys that are written as `sessionTtl=30m`. */
export async function setKeys(pairs: string[], options: WriteOptions): Promise<void> {
  await write(changesOf(pairs), options, false);
}

/** Adds what every command takes that changes a configuration. */
export function writing(command: Command): Command {
  return withOrderer(withOutput(command))
    .option('--if-version <n>', 'only if that is the version there is', (text) => {
      if (/^\d{1,15}$/.test(text)) return Number(text);
      throw new InvalidArgumentError('must be a whole number from 0 on.');
    })
    .option('--dry-run', 'only tell what that would change');
}

async function show(options: OutputOptions): Promise<void> {
  const [told, workers] = await withRedis(options, (redis, keys) =>
    Promise.all([readPoolConfig(redis, keys), workersOf(redis, keys)]),
  );
  const others = workers
    .filter(({ incarnation, load }) => incarnation !== null && load !== null && load.configVersion !== told.version)
    .map(({ id, load }) => ({ worker: id, version: load?.configVersion ?? 0 }));
  tell({ ...told, others }, options, () => {
    const late = others.map(({ worker, version }) => `\nworker ${worker} went by version ${version} when it last beat`);
    return `version ${told.version}\n${configTable(told.config)}${late.join('')}`;
  });
}

async function write(changes: ConfigChanges, options: WriteOptions, replaces: boolean): Promise<void> {
  const { ifVersion, by, reason, dryRun } = options;
  const how = { nonce: randomUUID(), by, reason, ifVersion, replaces };
  const change = dryRun ? plannedPoolConfig : changePoolConfig;
  const changed = await withRedis(options, (redis, keys) => change(redis, keys, changes, how));
  tell(changed, options, () => `${dryRun ? 'would be ' : ''}${textOf(changed)}`);
}

async function watch(options: OutputOptions): Promise<void> {
  const signal = stopping();
  await withRedis(options, async (redis, keys) => {
    let last: VersionedConfig = { version: 0, config: {} };
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const told = await readPoolConfig(redis, keys);
      const changes = changesBetween(last.config, told.config);
      if (isFirst || changes.length > 0) tellEntry({ ...told, changes }, options, () => textOf({ ...told, changes }));
      last = told;
      await sleep(lookMs, undefined, { signal }).catch(() => undefined);
    }
  });
}

function textOf({ version, changes }: ChangedConfig): string {
  return `version ${version}${changesText(changes)}`;
}

async function read(file: string): Promise<PoolConfigInput> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) throw invalidConfig([{ field: 'file', message: 'cannot be read: is its name right?' }]);
  return parseConfig(text, 'file') as PoolConfigInput;
}

/** `breaker.window=30s` as a change; the values are YAML, and an empty one is null. */
function changesOf(pairs: readonly string[]): ConfigChanges {
  const flat = pairs.map((pair) => {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (key === undefined) throw invalidConfig([{ field: 'set', message: 'takes key=value, such as sessionTtl=30m' }]);
    return [key, parseConfig(value ?? '', key)] as const;
  });
  const twice = flat.find(([key], n) => flat.findIndex(([other]) => other === key) < n);
  if (twice) throw invalidConfig([{ field: twice[0], message: 'is there twice' }]);
  return nestedConfig(Object.fromEntries(flat)) as ConfigChanges;
}
