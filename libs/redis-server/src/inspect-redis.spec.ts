import { describe, expect, it } from 'vitest';
import { inspectRedis } from './inspect-redis.js';

const info = '# Server\r\nredis_version:7.0.15\r\n\r\n# Memory\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n';

describe('inspectRedis', () => {
  it('reads version, policy and AOF', () => {
    expect(inspectRedis(info)).toEqual({
      version: '7.0.15',
      maxmemoryPolicy: 'noeviction',
      appendonly: true,
      isWriteFailing: null,
    });
    expect(inspectRedis(info.replace('aof_enabled:1', 'aof_enabled:0'))).toMatchObject({ appendonly: false });
  });

  it('reads whether the last write failed, of AOF or snapshot', () => {
    const fine = `${info}aof_last_write_status:ok\r\nrdb_last_bgsave_status:ok\r\n`;
    expect(inspectRedis(fine).isWriteFailing).toBe(false);
    for (const name of ['aof_last_write', 'rdb_last_bgsave'])
      expect(inspectRedis(fine.replace(`${name}_status:ok`, `${name}_status:err`)).isWriteFailing).toBe(true);
  });

  it('has null for what the text does not say', () => {
    expect(inspectRedis('')).toEqual({ version: null, maxmemoryPolicy: null, appendonly: null, isWriteFailing: null });
  });
});
