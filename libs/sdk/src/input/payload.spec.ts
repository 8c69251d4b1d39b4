import { runInNewContext } from 'node:vm';
import { isShuntError } from '@shunt/lanes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertPayload, checkJson } from './payload.js';
import { maxPayloadDepth } from './payload-problem.js';

const limit = 1024;
const problemOf = (value: unknown) => {
  const checked = checkJson(value, 'input', limit);
  return 'problem' in checked ? checked.problem : null;
};
const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

describe('checkJson', () => {
  it('gives what JSON.stringify gives for JSON values', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const checked = checkJson(value, 'input', 2 ** 20);
        if ('json' in checked) expect(checked.json).toBe(JSON.stringify(value));
        else expect(JSON.stringify(value)).toMatch(/__proto__|"constructor":\{.*"prototype"/);
      }),
    );
  });

  it('never changes what it accepts, and never throws', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true }), (value) => {
        const checked = checkJson(value, 'input', 2 ** 20);
        if ('json' in checked) expect(JSON.stringify(JSON.parse(checked.json))).toBe(checked.json);
      }),
    );
  });

  it('leaves undefined properties out', () => {
    expect(checkJson({ a: undefined, b: 1 }, 'input', limit)).toEqual({ json: '{"b":1}' });
  });

  it('accepts plain objects of another realm and of no prototype', () => {
    expect(problemOf(runInNewContext('({ a: [1, { b: null }] })'))).toBeNull();
    expect(problemOf(Object.assign(Object.create(null), { a: 1 }))).toBeNull();
  });

  it('takes the same object twice that does not contain itself', () => {
    const shared = { a: 1 };
    expect(checkJson([shared, shared], 'input', limit)).toEqual({ json: '[{"a":1},{"a":1}]' });
  });

  it('ends early on a graph that would be huge as JSON', () => {
    let graph: unknown = 'x';
    for (let i = 0; i < 100; i++) graph = [graph, graph];
    expect(problemOf(graph)).toEqual({ field: 'input', message: 'must have at most 1024 bytes as JSON' });
  });

  it(`accepts ${maxPayloadDepth} levels and no more`, () => {
    const checked = (levels: number) => checkJson(nested(levels), 'input', 2 ** 20);
    expect(checked(maxPayloadDepth)).toHaveProperty('json');
    expect(checked(maxPayloadDepth + 1)).toMatchObject({ problem: { message: 'is nested deeper than 512 levels' } });
  });

  it('counts bytes of UTF-8, to the byte', () => {
    expect(problemOf('x'.repeat(limit - 2))).toBeNull();
    expect(problemOf('x'.repeat(limit - 1))).not.toBeNull();
    expect(problemOf('é'.repeat(limit / 2 - 1))).toBeNull();
    expect(problemOf('é'.repeat(limit / 2))).not.toBeNull();
  });

  it('accepts text that only spells the escape of a surrogate', () => {
    expect(problemOf({ text: '\\ud800' })).toBeNull();
    expect(problemOf({ '\ud800': 1 })?.message).toContain('without lone surrogates');
    expect(problemOf('\udc00')?.message).toContain('without lone surrogates');
  });

  it('refuses a property that is readable only the first time', () => {
    let reads = 0;
    const value = {
      get a() {
        if (reads++ > 0) throw new Error('hunter2');
        return 1;
      },
    };
    expect(problemOf(value)).toEqual({ field: 'input', message: 'could not be turned into JSON' });
  });
});

describe('assertPayload', () => {
  it('throws INVALID_TASK or PAYLOAD_TOO_LARGE', () => {
    const codeOf = (value: unknown) => {
      try {
        return assertPayload(value, limit);
      } catch (error) {
        return isShuntError(error) ? error.code : error;
      }
    };
    expect(codeOf([1])).toBe('[1]');
    expect(codeOf([1n])).toBe('INVALID_TASK');
    expect(codeOf('x'.repeat(limit))).toBe('PAYLOAD_TOO_LARGE');
  });
});
