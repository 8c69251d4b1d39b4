import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isShuntError } from '../shunt-error.js';
import {
  agentKeyIn,
  decodeAgentKey,
  encodeAgentId,
  encodeIdPart,
  idPartProblem,
  makeTaskId,
  maxIdPartBytes,
  uniqueParts,
} from './task-id.js';

const agentIds = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).filter((id) => idPartProblem(id) === null);

/** BullMQ's own key suffixes: an id equal to one of them breaks a plain BullMQ queue. */
const bullmqSuffixes =
  'active wait waiting-children paused id delayed prioritized stalled-check completed failed stalled repeat limiter meta events pc marker de'.split(
    ' ',
  );

describe('encodeAgentId', () => {
  it.each([
    ['a-42', 'a-42'],
    ['A_b.c-9', 'A_b.c-9'],
    ['user:1', 'user%3A1'],
    ['{x}*', '%7Bx%7D%2A'],
    ['../etc', '..%2Fetc'],
    ["!'()~", '%21%27%28%29%7E'],
    ['100%', '100%25'],
    ['é', '%C3%A9'],
    ['😀', '%F0%9F%98%80'],
    ['a b', 'a%20b'],
    ['__proto__', '__proto__'],
  ])('encodes %s as %s and back', (agentId, key) => {
    expect(encodeAgentId(agentId)).toBe(key);
    expect(decodeAgentKey(key)).toBe(agentId);
  });

  it('decodes to what was encoded and uses only safe bytes', () => {
    fc.assert(
      fc.property(agentIds, (agentId) => {
        const key = encodeAgentId(agentId);
        expect(key).toMatch(/^[A-Za-z0-9_.%-]{1,256}$/);
        expect(decodeAgentKey(key)).toBe(agentId);
      }),
    );
  });

  it('accepts 256 encoded bytes and refuses 257', () => {
    expect(encodeAgentId('a'.repeat(maxIdPartBytes))).toHaveLength(256);
    expect(() => encodeAgentId('a'.repeat(257))).toThrow('agentId must have at most 256 bytes');
    expect(() => encodeAgentId('é'.repeat(43))).toThrow('agentId must have at most 256 bytes');
  });

  it.each([
    ['', 'must not be empty'],
    ['x\ud800', 'lone surrogates'],
    ['\udc00', 'lone surrogates'],
    ['x'.repeat(2 ** 20), 'at most 256 bytes'],
  ])('refuses a bad id without echoing it (%#)', (agentId, message) => {
    let thrown: unknown;
    try {
      encodeIdPart(agentId, 'dedup.key');
    } catch (error) {
      thrown = error;
    }
    expect(isShuntError(thrown, 'INVALID_TASK')).toBe(true);
    expect((thrown as Error).message).toContain(message);
    expect((thrown as Error).message.length).toBeLessThan(100);
    expect(thrown).toMatchObject({ details: [{ field: 'dedup.key' }] });
  });
});

describe('decodeAgentKey', () => {
  it.each(['', 'a:b', 'a~b', '%3a', '%41', '%FF', '%C3', '%', '%4', 'é', 'a'.repeat(257), '%2E'])(
    'returns null for what no agent id encodes to: %s',
    (key) => expect(decodeAgentKey(key)).toBeNull(),
  );
});

describe('task ids', () => {
  it('name their agent, or that they have none', () => {
    fc.assert(
      fc.property(fc.option(agentIds, { nil: '' }), agentIds, (agentId, callersId) => {
        const agentKey = agentId === '' ? '' : encodeAgentId(agentId);
        const unique = encodeIdPart(callersId, 'id');
        const id = makeTaskId(agentKey, unique);
        expect(agentKeyIn(id)).toBe(agentKey);
        expect(id).not.toMatch(/[:{}*\s]/);
        expect(Number.isInteger(Number(id))).toBe(false);
      }),
    );
  });

  it.each(bullmqSuffixes)('never equal the key suffix %s, even with it as both parts', (suffix) => {
    for (const id of [makeTaskId(suffix, suffix), makeTaskId('', suffix)]) {
      expect(bullmqSuffixes).not.toContain(id);
    }
  });

  it.each(['', '1', 'meta', 'a:b~c', '50%~x', '%3a~x', 'a%4~x', `${'a'.repeat(257)}~b`, '\ud800~a'])(
    'are told apart from foreign ids: %s',
    (id) => expect(agentKeyIn(id)).toBeNull(),
  );

  it.each(['a~', 'a~b~c', 'a~%3a', 'a~{b}', `a~${'b'.repeat(257)}`])(
    'may end as a producer of its own likes: %s',
    (id) => expect(agentKeyIn(id)).toBe('a'),
  );

  it('are not made from parts that are not encoded', () => {
    expect(() => makeTaskId('a:b', 'c')).toThrow(TypeError);
    expect(() => makeTaskId('a', '')).toThrow(TypeError);
    expect(() => makeTaskId('a', '{c}')).toThrow(TypeError);
  });
});

describe('uniqueParts', () => {
  it('writes time and randomness as a ULID', () => {
    const fill = (byte: number) =>
      uniqueParts({ nowMs: () => 1_469_918_176_385, fillRandom: (bytes) => bytes.fill(byte) });
    expect(fill(0)()).toBe('01ARYZ6S410000000000000000');
    expect(fill(255)()).toBe('01ARYZ6S41ZZZZZZZZZZZZZZZZ');
  });

  it('spreads every random bit over the digits', () => {
    const next = uniqueParts({
      nowMs: () => 0,
      fillRandom: (bytes) => bytes.set([0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x11, 0x22]),
    });
    let bits = 0n;
    for (const digit of next()) bits = bits * 32n + BigInt('0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(digit));
    expect(bits.toString(16)).toBe('123456789abcdef01122');
  });

  it('sorts by time', () => {
    let now = 1_000;
    const next = uniqueParts({ nowMs: () => now++ });
    const ids = Array.from({ length: 3_000 }, next);
    expect(ids.toSorted()).toEqual(ids);
  });

  it('never repeats, and is an encoded id part', () => {
    const next = uniqueParts();
    const ids = new Set(Array.from({ length: 20_000 }, next));
    expect(ids.size).toBe(20_000);
    for (const id of ids) expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  });
});
