/** A Redis that is broken once and mended. */
export interface BreakableRedis {
  /** Where its clients find it. */
  readonly url: string;
  /** Breaks it. Resolves once that was seen. @throws Error when it cannot be shown to have happened */
  strike(): Promise<void>;
  /** Mends it. Resolves once it takes writes again. */
  mend(): Promise<void>;
  /** Ends it and removes its data. */
  end(): Promise<void>;
}

/** One way for a Redis to be away, or to refuse. */
export interface RedisFault {
  /** What became of Redis, for figures. */
  readonly name: string;
  /** Whether it is mended at once, and not only when the leases of its workers are over. */
  readonly isShort?: boolean;
  /** Starts a Redis that is well. */
  start(): Promise<BreakableRedis>;
}
