/** Injection token of {@link ProbesOptions}. */
export const probesOptions = Symbol('probesOptions');

/** What a process tells about itself. */
export interface ProbesOptions {
  /** Why it cannot work right now, null when it can. */
  readonly notReady: () => string | null;
  /** Prometheus text of now. */
  readonly metrics: () => Promise<string>;
}
