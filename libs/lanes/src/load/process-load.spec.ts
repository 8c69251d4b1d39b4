import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { ProcessMeter } from './process-load.js';

/** Keeps this process's event loop from everything. */
const block = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

it('tells how long the event loop was blocked since the report before, also right after that', async () => {
  const meter = new ProcessMeter();
  onTestFinished(() => meter.stop());
  for (let report = 0; report < 3; report++) {
    block(300);
    // Whatever looks at the loop has its turn before the report.
    await sleep(1);
    expect(meter.read().eventLoopDelayMs).toBeGreaterThanOrEqual(250);
  }
});

it('tells the memory of the process, and shares of one core and of the time', () => {
  const meter = new ProcessMeter();
  onTestFinished(() => meter.stop());
  const { cpuRatio, rssBytes, eventLoopRatio } = meter.read();
  expect(rssBytes).toBeGreaterThan(1_000_000);
  for (const ratio of [cpuRatio, eventLoopRatio]) expect(ratio).toBeGreaterThanOrEqual(0);
});
