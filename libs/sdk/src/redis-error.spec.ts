import { inspect } from 'node:util';
import { isShuntError } from '@shunt/lanes';
import { describe, expect, it } from 'vitest';
import { bare, refusal } from './redis-error.js';

const replyError = (message: string) =>
  Object.assign(new Error(message), { name: 'ReplyError', command: { name: 'auth', args: ['hunter2'] } });

describe('refusal', () => {
  it("tells Redis's reason without the arguments of the command", () => {
    const error = refusal(replyError("ERR unknown command 'fcall', with args beginning with: 'hunter2' 'x'"));
    expect(isShuntError(error, 'STORE_UNAVAILABLE')).toBe(true);
    expect(error).toHaveProperty('message', "Redis refused the call: ERR unknown command 'fcall'");
    expect(inspect(error, { depth: null })).not.toContain('hunter2');
  });

  it('says in words that there is no room', () => {
    const error = refusal(replyError("OOM command not allowed when used memory > 'maxmemory'."));
    expect(error).toHaveProperty('message', 'Redis is out of memory (maxmemory reached)');
  });

  it.each([new TypeError('a bug'), 'text', undefined])('leaves what is no answer of Redis (%#)', (error) => {
    expect(refusal(error)).toBe(error);
  });
});

describe('bare', () => {
  it('cuts a long message', () => {
    expect(bare(new Error('x'.repeat(5000))).message).toHaveLength(200);
  });
});
