import { describe, expect, it } from 'vitest';
import { isSentinelUrl, sentinelOptions } from './sentinel-url.js';

describe('sentinelOptions', () => {
  it('reads one Sentinel, on its usual port unless told', () => {
    const sentinels = [{ host: 'sentinel', port: 26_379 }];
    expect(sentinelOptions('redis+sentinel://sentinel/mymaster')).toEqual({ sentinels, name: 'mymaster' });
  });

  it('reads several Sentinels, a database and addresses of version 6', () => {
    expect(sentinelOptions('redis+sentinel://s-1:1,10.0.0.2:2,[::1]:3/main/4')).toEqual({
      sentinels: [
        { host: 's-1', port: 1 },
        { host: '10.0.0.2', port: 2 },
        { host: '::1', port: 3 },
      ],
      name: 'main',
      db: 4,
    });
  });

  it.each([
    ['u:p%40ss@', { username: 'u', password: 'p@ss' }],
    [':secret@', { password: 'secret' }],
    ['u@', { username: 'u' }],
  ])('reads %s as user and password of the Redis', (login, expected) => {
    expect(sentinelOptions(`redis+sentinel://${login}s/m`)).toMatchObject(expected);
  });

  it('reads user and password of the Sentinels from the query', () => {
    const options = sentinelOptions('redis+sentinel://s/m?sentinelUsername=u&sentinelPassword=p%20w');
    expect(options).toMatchObject({ sentinelUsername: 'u', sentinelPassword: 'p w' });
  });

  it('speaks TLS to the Redis and the Sentinels when its scheme says so', () => {
    const options = sentinelOptions('rediss+sentinel://s/m');
    expect(options).toMatchObject({ tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true });
  });

  it.each([
    'redis://127.0.0.1:6379',
    'redis+sentinel://s',
    'redis+sentinel://s/',
    'redis+sentinel:///m',
    'redis+sentinel://s,/m',
    'redis+sentinel://s:0/m',
    'redis+sentinel://s:65536/m',
    'redis+sentinel://s/m/db',
    'redis+sentinel://s/m?password=x',
    'redis+sentinel://%zz@s/m',
    'redis+sentinel://s/%zz',
    'redis+sentinel://a b/m',
  ])('refuses %s', (url) => {
    expect(sentinelOptions(url)).toBeNull();
  });
});

describe('isSentinelUrl', () => {
  it('tells a URL of Sentinels, right or wrong, from others', () => {
    const urls = ['redis+sentinel://s', 'rediss+sentinel:', 'redis://s/m', 'sentinel://s/m'];
    expect(urls.map(isSentinelUrl)).toEqual([true, true, false, false]);
  });
});
