import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { inWords, redisAway } from './redis-away.js';

const place = '127.0.0.1:6379';
const redis = { options: { host: 'cache', port: 6379, password: 'hunter2' } } as Redis;
const failure = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);

describe('redisAway', () => {
  it.each([
    [
      'connect ECONNREFUSED 127.0.0.1:6379',
      /nothing listens there \(connect ECONNREFUSED.*`npm run redis`.*SHUNT_REDIS_URL/,
    ],
    ['getaddrinfo ENOTFOUND cache', /its name cannot be looked up/],
    ['connect ETIMEDOUT', /is a firewall between\?/],
    ['WRONGPASS invalid username-password pair', /it refuses the login.*Give user and password/],
    ['LOADING Redis is loading the dataset in memory', /still loads its data/],
    ['read ECONNRESET', /TLS only \(rediss:\)/],
    ["Socket timeout. Expecting data, but didn't receive any in 3500ms.", /this process stood still itself/],
    ['something else', /no connection is made \(something else\)/],
  ])('says of %j what is likely, and what to do', (message, said) => {
    const text = redisAway(place, new Error(message));
    expect(text).toMatch(/^Redis at 127\.0\.0\.1:6379 does not answer: [^\n]+$/);
    expect(text).toMatch(said);
  });

  it('takes silence for a Redis that hangs and not for one that is missing', () => {
    const text = redisAway(place, undefined);
    expect(text).toMatch(/answer: it neither refuses nor says a word\. See whether its process hangs/);
    expect(text).not.toContain('Start one');
  });

  it('says it of an error without a message', () => {
    expect(redisAway(place, failure('', { code: 'ECONNREFUSED' }))).toMatch(/nothing listens there \(ECONNREFUSED\)/);
  });
});

describe('inWords', () => {
  it('tells a connection that failed, one to several addresses as well, with a retry and without a password', () => {
    const refused = { code: 'ECONNREFUSED', syscall: 'connect', port: 6379 };
    const several = failure('', { code: 'ECONNREFUSED', errors: [failure('connect ECONNREFUSED ::1:6379', refused)] });
    for (const error of [failure('connect ECONNREFUSED 127.0.0.1:6379', refused), several]) {
      const told = inWords(redis, error);
      expect(told.message).toMatch(
        /^Redis at cache:6379 does not answer: nothing listens there .*; trying again until it does$/,
      );
      expect(told).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect', cause: error });
      expect(told.message).not.toContain('hunter2');
    }
    expect(
      inWords(redis, failure('getaddrinfo ENOTFOUND cache', { code: 'ENOTFOUND', hostname: 'cache' })).message,
    ).toMatch(/looked up/);
  });

  it('tells a connection that fell silent, as after SIGCONT, as a system error: its stack says nothing', () => {
    const told = inWords(redis, failure("Socket timeout. Expecting data, but didn't receive any in 3500ms."));
    expect(told.message).toMatch(
      /^Redis at cache:6379 does not answer: it owed an answer for too long.* until it does$/,
    );
    expect(told).toMatchObject({ code: 'ETIMEDOUT', syscall: 'read' });
  });

  it("leaves a handler's own connection, and what is no connection", () => {
    const others = failure('connect ECONNREFUSED 127.0.0.1:5432', {
      code: 'ECONNREFUSED',
      syscall: 'connect',
      port: 5432,
    });
    for (const error of [others, new Error('a bug'), failure('a bug', { code: 'ERR_X' })])
      expect(inWords(redis, error)).toBe(error);
  });
});
