/** From when on something is worth an alert. */
export interface AlertLimits {
  /** Share of attempts that fail within a minute. */
  readonly errorRate: number;
  /** Mean time of an attempt within a minute, in ms. */
  readonly slowMeanMs: number;
  /** 99th percentile of the same, in ms. */
  readonly slowP99Ms: number;
  /** Least share of the workers that receive. */
  readonly healthyShare: number;
  /** How long the next task may wait, in ms. */
  readonly lateAfterMs: number;
  /** How many times the load of the others one worker may have. */
  readonly hotWorker: number;
  /** How long a rule must hold before its alert fires, in ms; null for each alert's own time. */
  readonly forMs: number | null;
  /** How long it must be over before the alert is resolved, in ms. */
  readonly keepMs: number;
}

/** What holds unless the pool is told otherwise. */
export const usualLimits: AlertLimits = {
  errorRate: 0.05,
  slowMeanMs: 1000,
  slowP99Ms: 30_000,
  healthyShare: 0.8,
  lateAfterMs: 60_000,
  hotWorker: 3,
  forMs: null,
  keepMs: 30_000,
};

/** Alerts that a pool's leader judges, each with how long its rule must hold before it fires, in ms. */
export const holdsMs = {
  high_error_rate: 30_000,
  slow_response: 60_000,
  node_down: 10_000,
  no_workers: 10_000,
  work_is_late: 0,
  hot_worker: 60_000,
  pool_full: 0,
  pool_paused: 10_000,
  breakers_open: 0,
  stuck_agent: 0,
  crash_loop: 0,
  poison: 0,
  data_lost: 0,
} as const;

/** Alerts that each dispatcher judges by itself, as there is no leader then or no Redis. */
export const ownHoldsMs = { no_leader: 10_000, redis_down: 5000 } as const;

/** Names an alert. */
export type AlertName = keyof typeof holdsMs | keyof typeof ownHoldsMs;

/** Every alert. */
export const alertNames = [...Object.keys(holdsMs), ...Object.keys(ownHoldsMs)] as readonly AlertName[];
