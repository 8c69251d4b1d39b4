import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openRedis } from './connection.js';
import { readAtOnce } from './read-at-once.js';

const redis = openRedis(inject('redisUrl'));
const key = `read-at-once:${process.pid}`;
beforeAll(() => redis.rpush(key, 'a', 'b'));
afterAll(async () => {
  await redis.del(key);
  redis.disconnect();
});

describe('readAtOnce', () => {
  it('answers in the order of what was asked', async () => {
    const answers = await readAtOnce(redis, (pipeline) => pipeline.llen(key).lrange(key, 0, -1).exists(`${key}:no`));
    expect(answers).toEqual([2, ['a', 'b'], 0]);
  });

  it('answers nothing where nothing is asked', async () => {
    expect(await readAtOnce(redis, () => undefined)).toEqual([]);
  });

  it('throws the error that is among the answers', async () => {
    await expect(readAtOnce(redis, (pipeline) => pipeline.llen(key).hget(key, 'field'))).rejects.toThrow('WRONGTYPE');
  });
});
