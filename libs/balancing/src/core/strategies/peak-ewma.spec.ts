import { describe, expect, it } from 'vitest';
import { countPlaced, itKeepsTheContract, place } from '../../../../../test/conformance/strategy-cases.js';
import { agentTasks, idleWorker, idleWorkers } from '../../../../../test/support/workers.js';
import { peakEwma } from './peak-ewma.js';

describe('peak-ewma', () => {
  itKeepsTheContract(peakEwma);

  it('takes the worker whose response time times load is less', () => {
    const workers = [
      idleWorker('slow', { slots: 10, running: 1, responseMs: 900 }),
      idleWorker('busy', { slots: 10, running: 5, responseMs: 100 }),
    ];
    expect(place(peakEwma, agentTasks(3), workers)).toEqual(['busy', 'busy', 'busy']);
  });

  it('gives two workers tasks in inverse proportion to their response times, within 5 % at 4,000', () => {
    const workers = [idleWorker('fast', { responseMs: 100 }), idleWorker('slow', { responseMs: 300 })];
    const counts = countPlaced(peakEwma, agentTasks(4000), workers);
    expect(Math.abs((counts.fast ?? 0) / 3000 - 1)).toBeLessThan(0.05);
  });

  it('starves one of ten workers that is 50 times slower: less than 1 % of 10,000', () => {
    const workers = [...idleWorkers(9, { responseMs: 100 }), idleWorker('slow', { responseMs: 5000 })];
    expect(countPlaced(peakEwma, agentTasks(10_000), workers).slow ?? 0).toBeLessThan(100);
  });

  it('takes a worker that nothing is known of for as fast as the other', () => {
    const workers = [idleWorker('known', { responseMs: 40_000 }), idleWorker('new')];
    const counts = countPlaced(peakEwma, agentTasks(1000), workers);
    expect(counts).toEqual({ known: 500, new: 500 });
  });
});
