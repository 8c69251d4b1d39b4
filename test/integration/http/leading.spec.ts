import { hostname } from 'node:os';
import { loggerOf } from '@shunt/runtime';
import { expect } from 'vitest';
import { it } from '../../support/http.js';
import { until } from '../../support/pool-test.js';

it('a dispatcher logs when it begins to lead and when it leads no more, by a name that tells where it runs', async ({
  pool,
}) => {
  const lines: Record<string, unknown>[] = [];
  const logger = loggerOf('info', 'test', { write: (line) => void lines.push(JSON.parse(line)) });
  await pool.boot({ logger });
  const told = (msg: string) => lines.find((line) => line.msg === msg);
  await until(() => told(`leads pool ${pool.pool}`) !== undefined);
  const [entry] = await pool.redis.xrange(pool.keys.of('journal'), '-', '+');
  const { dispatcher, term } = told(`leads pool ${pool.pool}`) ?? {};
  expect(entry?.[1]).toEqual(['event', 'leader', 'dispatcher', dispatcher, 'term', `${term}`]);
  expect(dispatcher).toContain(`-${process.pid}-`);
  expect(dispatcher).toContain(
    hostname()
      .slice(0, 8)
      .replace(/[^A-Za-z0-9_.-]/g, '-'),
  );
  await pool.stopApps();
  expect(told(`leads pool ${pool.pool} no more: it stops`)).toMatchObject({ dispatcher, term: 0 });
});
