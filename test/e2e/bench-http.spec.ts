import { expect, it } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { trialsOf } from '../support/e2e/trials.js';

const start = commands();
const { out, found } = trialsOf('http');

it('tells what a producer over HTTP gets acknowledged, one by one and in bulk, beside a bare route', async () => {
  const bench = start(['npm', 'run', 'bench:http', '--', '--size', '0.02', '--rounds', '1', '--out', out]);
  expect(await bench.ended(), bench.output).toBe(0);
  const rates = [...found()].filter(([what]) => what.includes('tasks by'));
  expect(rates.map(([what]) => what)).toEqual([
    'single: tasks by Shunt',
    'single: tasks by a bare route',
    'bulk: tasks by Shunt',
    'bulk: tasks by a bare route',
  ]);
  for (const [, values] of rates) expect(values[0]).toBeGreaterThan(0);
});
