import { describe, expect, it } from 'vitest';
import { Batcher } from './batcher.js';

const timeoutMs = 60_000;
const tasks = Array.from({ length: 1000 }, (_, n) => ({ data: String(n) }));

describe('a batcher', () => {
  it('gives what waits for its turn all of the time once the batches before it are answered', async () => {
    const [deadlines, answers]: [number[], number[]] = [[], []];
    const batcher = new Batcher(async (batch: readonly { data: string }[], deadlineMs) => {
      deadlines.push(deadlineMs);
      await new Promise(setImmediate);
      answers.push(performance.now());
      return batch.map(({ data }) => data);
    }, timeoutMs);
    expect(await Promise.all(tasks.map((task) => batcher.add(task)))).toEqual(tasks.map(({ data }) => data));
    expect(deadlines).toHaveLength(4);
    for (const [n, answer] of answers.slice(0, -1).entries())
      expect(deadlines[n + 1]).toBeGreaterThanOrEqual(answer + timeoutMs);
  });

  it('gives what waits behind a batch that was not answered no more than its own time', async () => {
    const deadlines: number[] = [];
    const batcher = new Batcher(async (_, deadlineMs) => {
      deadlines.push(deadlineMs);
      throw new Error('no answer');
    }, timeoutMs);
    const ended = Promise.allSettled(tasks.map((task) => batcher.add(task)));
    await new Promise(setImmediate);
    const sentAtMs = performance.now();
    expect((await ended).every(({ status }) => status === 'rejected')).toBe(true);
    for (const deadline of deadlines) expect(deadline).toBeLessThanOrEqual(sentAtMs + timeoutMs);
  });

  it('gives the first calls of a turn all of the time once all are made, however long that takes', async () => {
    const deadlines: number[] = [];
    const batcher = new Batcher(async (batch, deadlineMs) => {
      deadlines.push(deadlineMs);
      return batch;
    }, timeoutMs);
    const calls = tasks.map((task) => batcher.add(task));
    const madeAtMs = performance.now();
    await Promise.all(calls);
    for (const deadline of deadlines) expect(deadline).toBeGreaterThanOrEqual(madeAtMs + timeoutMs);
  });
});
