import { describe, expect, it } from 'vitest';
import { isPassing, patiently } from './patience.js';

const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' });

describe('isPassing', () => {
  it.each([
    "OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:6.",
    'ERR Error running script (call to f_1f): @user_script:6: @user_script: 6: -OOM command not allowed',
    'LOADING Redis is loading the dataset in memory',
    "READONLY You can't write against a read only replica.",
    'MISCONF Errors writing to the AOF file: No space left on device',
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    'NOREPLICAS Not enough good replicas to write.',
    'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
    'BUSY Redis is busy running a script.',
  ])('is so for %s', (message) => {
    expect(isPassing(reply(message))).toBe(true);
  });

  it.each(['ERR unknown command', 'WRONGTYPE Operation against a key', 'NOAUTH Authentication required.', 'an OOM'])(
    'is not so for %s',
    (message) => {
      expect(isPassing(reply(message))).toBe(false);
    },
  );

  it('is not so for what is no reply of Redis', () => {
    expect([isPassing(new Error('OOM command')), isPassing('OOM ')]).toEqual([false, false]);
  });
});

describe('patiently', () => {
  const full = reply('OOM command not allowed');

  it('calls until it is not refused, and tells each refusal', async () => {
    const told: Error[] = [];
    let calls = 0;
    const call = async () => {
      if (++calls === 1) throw full;
      return 'done';
    };
    expect(
      await patiently(
        call,
        () => true,
        (error) => told.push(error),
      ),
    ).toBe('done');
    expect([calls, told]).toEqual([2, [full]]);
  });

  it('throws at once what does not pass', async () => {
    const broken = reply('ERR broken');
    await expect(
      patiently(
        () => Promise.reject(broken),
        () => true,
        () => undefined,
      ),
    ).rejects.toBe(broken);
  });

  it('throws the refusal when its answer matters no more', async () => {
    let asked = 0;
    const mayGoOn = () => ++asked === 1;
    await expect(
      patiently(
        () => Promise.reject(full),
        mayGoOn,
        () => undefined,
      ),
    ).rejects.toBe(full);
    expect(asked).toBe(2);
  });
});
