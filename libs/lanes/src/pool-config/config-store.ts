import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import type { NamedOrderer } from '../orderer.js';
import { runScript } from '../redis/script-runner.js';
import { ShuntError } from '../shunt-error.js';
import { checkPoolConfig } from './check-config.js';
import { changedConfig, flatConfig } from './flat-config.js';
import type { PoolConfig, PoolConfigInput } from './hot-keys.js';

/** A pool's configuration with its version: 0 while nobody has told one, one more with each change. */
export interface VersionedConfig {
  readonly version: number;
  /** What was told; all else is as each process's own settings say. Durations in ms. */
  readonly config: PoolConfig;
}

/** One key that a change changed. Undefined where it was, or is, as the processes' settings say. */
export interface KeyChange {
  /** Such as `breaker.window`. */
  readonly key: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** A configuration after a change. */
export interface ChangedConfig extends VersionedConfig {
  /** What the call changed, each key also in the journal. */
  readonly changes: readonly KeyChange[];
}

type Groups = Pick<PoolConfigInput, 'alerts' | 'breaker' | 'factorWeights' | 'healthCheck' | 'scale'>;
type Nullable<T> = { [K in keyof T]: T[K] | null };

/** What is to be changed. Null takes a key, or a whole group such as `breaker`, back to the processes' own settings. */
export type ConfigChanges = Nullable<Omit<PoolConfigInput, keyof Groups>> & {
  [K in keyof Groups]: Nullable<NonNullable<Groups[K]>> | null | undefined;
};

/** How a change is made. `by` is such as `cli`, `file` or `sdk`. */
export interface ChangeOptions extends NamedOrderer {
  /** The only version it may replace. Defaults to any: it is made upon whichever there is. */
  readonly ifVersion?: number | undefined;
  /** Whether what is not told is taken away. Defaults to false. */
  readonly replaces?: boolean;
  /** Digest of the file that it comes from. A change without one leaves that of the last file. */
  readonly file?: string;
}

/** What a pool was told. */
export async function readPoolConfig(redis: Redis, keys: PoolKeys): Promise<VersionedConfig> {
  const [version, json] = await redis.hmget(keys.of('config'), 'version', 'json');
  return { version: Number(version ?? 0), config: JSON.parse(json ?? '{}') as PoolConfig };
}

/** Digest of the file that a pool was configured by last, null before the first. */
export function configuredFile(redis: Redis, keys: PoolKeys): Promise<string | null> {
  return redis.hget(keys.of('config'), 'file');
}

/**
 * Changes a pool's configuration, all of it or none. Every process applies it within a second.
 *
 * @throws ShuntError INVALID_CONFIG naming each bad field of what it would be as a whole; CONFLICT with `details.version` when
 *   another version is there than `ifVersion`
 */
export async function changePoolConfig(
  redis: Redis,
  keys: PoolKeys,
  changes: ConfigChanges,
  { nonce, by, reason = '', ifVersion, replaces = false, file = '' }: ChangeOptions,
): Promise<ChangedConfig> {
  for (;;) {
    const { before, config, made } = await prepared(redis, keys, changes, replaces);
    const expected = ifVersion ?? before;
    const args = [expected, nonce, JSON.stringify(config), by, file, reason, ...made.flatMap(asTexts)];
    const names = [keys.of('config'), keys.of('journal'), keys.of(`sent:${nonce}`)];
    const [outcome, version] = (await runScript(redis, 'configure', names, args)) as [number, number];
    if (outcome === 1) return { version, config, changes: made };
    if (outcome === 2) return { ...(await readPoolConfig(redis, keys)), changes: [] };
    if (ifVersion !== undefined) throw otherVersion(version, ifVersion);
  }
}

/** What {@link changePoolConfig} would make of it, as things are, by its checks. Changes nothing. @throws ShuntError as it */
export async function plannedPoolConfig(
  redis: Redis,
  keys: PoolKeys,
  changes: ConfigChanges,
  { ifVersion, replaces = false }: Pick<ChangeOptions, 'ifVersion' | 'replaces'>,
): Promise<ChangedConfig> {
  const { before, config, made } = await prepared(redis, keys, changes, replaces);
  if (ifVersion !== undefined && ifVersion !== before) throw otherVersion(before, ifVersion);
  return { version: before + (made.length > 0 ? 1 : 0), config, changes: made };
}

/** The configuration that a change would make, checked, with the version it would replace. @throws ShuntError INVALID_CONFIG */
async function prepared(redis: Redis, keys: PoolKeys, changes: ConfigChanges, replaces: boolean) {
  const [before, own] = await Promise.all([readPoolConfig(redis, keys), ownStrategies(redis, keys)]);
  const config = checkPoolConfig(changedConfig(replaces ? {} : before.config, changes), own);
  return { before: before.version, config, made: changesBetween(before.config, config) };
}

function otherVersion(version: number, asked: number): ShuntError {
  const message = `the configuration is at version ${version}, not ${asked}: read it again`;
  return new ShuntError('CONFLICT', message, { details: { version } });
}

/** The strategies that the pool's leader has besides Shunt's own. */
async function ownStrategies(redis: Redis, keys: PoolKeys): Promise<readonly string[]> {
  return JSON.parse((await redis.hget(keys.of('leader'), 'strategies')) ?? '[]') as string[];
}

/** What differs between two configurations, by key. */
export function changesBetween(before: PoolConfig, after: PoolConfig): readonly KeyChange[] {
  const [old, present] = [flatConfig(before), flatConfig(after)];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(present)])].sort();
  return keys
    .map((key) => ({ key, from: old[key], to: present[key] }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}

/** As the journal holds it: JSON, which the word `default` is not. */
function asTexts({ key, from, to }: KeyChange): readonly string[] {
  return [key, ...[from, to].map((value) => (value === undefined ? 'default' : JSON.stringify(value)))];
}
