import { expect, it } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { trialsOf } from '../support/e2e/trials.js';

const start = commands();
const { out, found } = trialsOf('page');

it('tells what readers of the page get, and how many series 100 workers have', async () => {
  const bench = start(['npm', 'run', 'bench:page', '--', '--size', '0.1', '--rounds', '1', '--out', out]);
  expect(await bench.ended(), bench.output).toBe(0);
  const values = found();
  const bytes = values.get('bytes a second for a reader')?.[0];
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(20_000);
  const series = values.get('series of 100 workers')?.[0];
  expect(series).toBeGreaterThan(0);
  expect(series).toBeLessThan(2000);
  expect(values.get('scrape of 100 workers')?.[0]).toBeGreaterThan(0);
});
