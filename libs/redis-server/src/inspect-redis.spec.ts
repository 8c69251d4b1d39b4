import { describe, expect, it } from 'vitest';
import { inspectRedis } from './inspect-redis.js';

const healthy = '# Server\r\nredis_version:7.0.15\r\n\r\n# Memory\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n';

describe('inspectRedis', () => {
  it('finds nothing wrong with a healthy server', () => {
    expect(inspectRedis(healthy)).toEqual({
      version: '7.0.15',
      maxmemoryPolicy: 'noeviction',
      appendonly: true,
      warnings: [],
    });
  });

  it('warns of a policy that evicts', () => {
    const facts = inspectRedis(healthy.replace('noeviction', 'allkeys-lru'));
    expect(facts.warnings).toEqual(['eviction policy is allkeys-lru, should be noeviction']);
  });

  it('warns when the AOF is off', () => {
    const facts = inspectRedis(healthy.replace('aof_enabled:1', 'aof_enabled:0'));
    expect(facts).toMatchObject({ appendonly: false, warnings: ['AOF is off'] });
  });

  it.each(['6.0.16', '5.0.14', '2.8'])('warns of Redis %s', (version) => {
    expect(inspectRedis(`redis_version:${version}`).warnings).toEqual([`Redis < 6.2 (this is ${version})`]);
  });

  it.each(['6.2.0', '7.2.4', '10.0.1'])('accepts Redis %s', (version) => {
    expect(inspectRedis(`redis_version:${version}`).warnings).toEqual([]);
  });

  it('warns of nothing that the text does not say', () => {
    expect(inspectRedis('')).toEqual({ version: null, maxmemoryPolicy: null, appendonly: null, warnings: [] });
  });
});
