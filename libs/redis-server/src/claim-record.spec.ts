import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClaim } from './claim-record.js';

const identity = fc.record({ pid: fc.integer({ min: 1 }), started: fc.string() });

describe('parseClaim', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(fc.record({ owner: identity, server: fc.option(identity) }), (record) => {
        expect(parseClaim(JSON.stringify(record))).toEqual(record);
      }),
    );
  });

  it('takes any other text for no claim', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => parseClaim(text) === null));
  });

  it('never yields a process id that signals a group', () => {
    const text = (pid: number) => JSON.stringify({ owner: { pid: 1, started: 's' }, server: { pid, started: 's' } });
    expect([0, -1, 1.5].map((pid) => parseClaim(text(pid))?.server)).toEqual([null, null, null]);
  });
});
