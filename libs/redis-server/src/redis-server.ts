/** What `ensureRedis` may be told; every option has a default, so `ensureRedis()` is a durable server of one's own. */
export interface EnsureRedisOptions {
  /**
   * Where the server keeps its data. A directory that a live copy already uses is left alone and the first free one
   * of `<dataDir>-2` to `<dataDir>-9` is taken. Defaults to a fresh temporary directory, removed when the server ends.
   */
  readonly dataDir?: string;
  /** TCP port on loopback. Defaults to a free one; a port that is given and taken is an error. */
  readonly port?: number;
  /** Whether writes survive a crash (AOF, fsync every second). Defaults to true; the wasm server never is durable. */
  readonly durable?: boolean;
  /** Whether to fail rather than fall back to the wasm server. Defaults to false. */
  readonly requireNative?: boolean;
  /** Whether to start a server even where SHUNT_REDIS_URL names one. Defaults to false. */
  readonly ignoreEnvironment?: boolean;
  /** Receives one line per step that a person waits for. Defaults to silence. */
  readonly log?: (line: string) => void;
  /** More redis-server arguments, put last so that they win; the wasm server takes none. Defaults to none. */
  readonly args?: readonly string[];
  /** Where PATH, SHUNT_REDIS_URL, SHUNT_REDIS_SERVER and XDG_CACHE_HOME are read. Defaults to `process.env`. */
  readonly environment?: NodeJS.ProcessEnv;
  /**
   * Where an unpacked server is kept between runs.
   * Defaults to `node_modules/.cache/shunt/redis`, or the user's cache directory when the project is read-only.
   */
  readonly cacheDir?: string;
}

/** A Redis that answers, and how to end it. It ends by itself when the process that started it dies. */
export interface RedisServer {
  readonly url: string;
  /** 127.0.0.1 unless the server is external. */
  readonly host: string;
  readonly port: number;
  /** external: named by SHUNT_REDIS_URL and never stopped by us; native: our own process; wasm: Valkey in a Node child. */
  readonly kind: 'external' | 'native' | 'wasm';
  /** As INFO reports it; a Valkey server reports the Redis version that it is compatible with. */
  readonly version: string;
  /** Whether the server writes an AOF. */
  readonly isDurable: boolean;
  /** Process id of the server; absent when it is external. */
  readonly pid?: number;
  /** Directory of the server's data; absent when the server has none of ours. */
  readonly dataDir?: string;
  /** Resolves when the server's process has ended and its directory is free again; never for an external one. */
  readonly exited: Promise<void>;
  /** Ends the server: SIGTERM, then SIGKILL after 3 s. Does nothing to an external one. May be called again. */
  stop(): Promise<void>;
  /**
   * Sends a signal to the server, for fault tests; await `exited` after a deadly one.
   *
   * @throws RedisStartError when the server is external
   */
  kill(signal: NodeJS.Signals): void;
}
