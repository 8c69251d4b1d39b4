/** What Shunt must know about a Redis before it trusts it with tasks. */
export interface RedisFacts {
  /** `major.minor.patch`, or null when the text has none. */
  readonly version: string | null;
  /** For example `noeviction` or `allkeys-lru`; null when the text does not say. */
  readonly maxmemoryPolicy: string | null;
  /** Whether writes go to an AOF; null when the text does not say. */
  readonly appendonly: boolean | null;
  /** One line per thing that should be otherwise, for a log or a health page. Empty when all is well or unknown. */
  readonly warnings: readonly string[];
}

/** Oldest Redis with every command that Shunt and BullMQ use (`LMOVE`, `ZRANGESTORE`, `GETEX`): 6.2. */
const oldestVersion = { major: 6, minor: 2 } as const;

/**
 * Reads the facts out of the reply to INFO.
 *
 * INFO and not CONFIG GET, because hosted Redis services forbid CONFIG. What the text does not say gives no warning.
 */
export function inspectRedis(info: string): RedisFacts {
  const fields = parseInfo(info);
  const version = fields.get('redis_version') ?? null;
  const maxmemoryPolicy = fields.get('maxmemory_policy') ?? null;
  const aof = fields.get('aof_enabled');
  const appendonly = aof === undefined ? null : aof === '1';

  const warnings: string[] = [];
  if (maxmemoryPolicy !== null && maxmemoryPolicy !== 'noeviction') {
    warnings.push(`eviction policy is ${maxmemoryPolicy}, should be noeviction`);
  }
  if (appendonly === false) {
    warnings.push('AOF is off');
  }
  if (version !== null && isTooOld(version)) {
    warnings.push(`Redis < ${oldestVersion.major}.${oldestVersion.minor} (this is ${version})`);
  }
  return { version, maxmemoryPolicy, appendonly, warnings };
}

/** Splits `name:value` lines into a map; section headers and blank lines carry nothing. A later name wins. */
export function parseInfo(info: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of info.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) {
      fields.set(line.slice(0, colon), line.slice(colon + 1));
    }
  }
  return fields;
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldestVersion.major || (major === oldestVersion.major && minor < oldestVersion.minor);
}
