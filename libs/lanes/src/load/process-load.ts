import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** How busy a worker's process is. */
export interface ProcessLoad {
  /** Share of one core it used since the report before, above 1 on several. */
  readonly cpuRatio: number;
  readonly rssBytes: number;
  /** Share of time its event loop was busy since the report before, 0 to 1. */
  readonly eventLoopRatio: number;
  /** Longest that the event loop kept a timer waiting since the report before, in ms. */
  readonly eventLoopDelayMs: number;
}

/** How often the event loop is looked at. */
const lookMs = 20;

/**
 * Measures the process between reports. Not by Node's `monitorEventLoopDelay`: its `reset` forgets when it looked last, so that the
 * first delay after a report is lost, and a worker whose handlers block one after the other would report none at all.
 */
export class ProcessMeter {
  private readonly looks = setInterval(() => this.look(), lookMs).unref();
  private lookedAtMs = performance.now();
  private longestMs = 0;
  private cpu = process.cpuUsage();
  private loop: EventLoopUtilization = performance.eventLoopUtilization();
  private atMs = performance.now();

  /** What it was like since the last call. */
  read(): ProcessLoad {
    this.look();
    const nowMs = performance.now();
    const { user, system } = process.cpuUsage(this.cpu);
    const loop = performance.eventLoopUtilization();
    const load = {
      cpuRatio: rounded((user + system) / 1000 / Math.max(1, nowMs - this.atMs)),
      rssBytes: process.memoryUsage.rss(),
      eventLoopRatio: rounded(performance.eventLoopUtilization(loop, this.loop).utilization),
      eventLoopDelayMs: Math.round(this.longestMs),
    };
    this.longestMs = 0;
    this.cpu = process.cpuUsage();
    this.loop = loop;
    this.atMs = nowMs;
    return load;
  }

  /** Measures no longer. */
  stop(): void {
    clearInterval(this.looks);
  }

  private look(): void {
    const nowMs = performance.now();
    this.longestMs = Math.max(this.longestMs, nowMs - this.lookedAtMs - lookMs);
    this.lookedAtMs = nowMs;
  }
}

function rounded(ratio: number): number {
  return Math.round(ratio * 1000) / 1000;
}
