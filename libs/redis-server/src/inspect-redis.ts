/** What a Redis says about itself. */
export interface RedisFacts {
  /** `major.minor.patch`, or null when the text has none. */
  readonly version: string | null;
  /** For example `noeviction` or `allkeys-lru`; null when the text does not say. */
  readonly maxmemoryPolicy: string | null;
  /** Whether writes go to an AOF; null when the text does not say. */
  readonly appendonly: boolean | null;
  /** Whether its last write to a disk, of the AOF or of a snapshot, failed: then it takes no more writes. Null when the text does not say. */
  readonly isWriteFailing: boolean | null;
}

/**
 * Reads the facts out of the reply to INFO.
 *
 * INFO and not CONFIG GET, because hosted Redis services forbid CONFIG.
 */
export function inspectRedis(info: string): RedisFacts {
  const fields = parseInfo(info);
  const version = fields.get('redis_version') ?? null;
  const maxmemoryPolicy = fields.get('maxmemory_policy') ?? null;
  const aof = fields.get('aof_enabled');
  const appendonly = aof === undefined ? null : aof === '1';
  const writes = ['aof_last_write_status', 'rdb_last_bgsave_status'].flatMap((name) => fields.get(name) ?? []);
  const isWriteFailing = writes.length === 0 ? null : writes.includes('err');
  return { version, maxmemoryPolicy, appendonly, isWriteFailing };
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
