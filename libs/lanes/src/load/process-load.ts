import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';

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

/** Measures the process between reports. */
export class ProcessMeter {
  private readonly delays = monitorEventLoopDelay({ resolution: 20 });
  private cpu = process.cpuUsage();
  private loop: EventLoopUtilization = performance.eventLoopUtilization();
  private atMs = performance.now();

  constructor() {
    this.delays.enable();
  }

  /** What it was like since the last call. */
  read(): ProcessLoad {
    const nowMs = performance.now();
    const { user, system } = process.cpuUsage(this.cpu);
    const loop = performance.eventLoopUtilization();
    const load = {
      cpuRatio: rounded((user + system) / 1000 / Math.max(1, nowMs - this.atMs)),
      rssBytes: process.memoryUsage.rss(),
      eventLoopRatio: rounded(performance.eventLoopUtilization(loop, this.loop).utilization),
      eventLoopDelayMs: Math.round(this.delays.max / 1e6),
    };
    this.delays.reset();
    this.cpu = process.cpuUsage();
    this.loop = loop;
    this.atMs = nowMs;
    return load;
  }

  /** Measures no longer. */
  stop(): void {
    this.delays.disable();
  }
}

function rounded(ratio: number): number {
  return Math.round(ratio * 1000) / 1000;
}
