import { expect, it } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { trialsOf } from '../support/e2e/trials.js';

const start = commands();
const { out, found } = trialsOf('placement');

it('gives a real pool and the simulator the same trace, and finds the same warm share', async () => {
  const small = ['--size', '0.05', '--rounds', '1', '--out', out];
  const bench = start(['npm', 'run', 'bench:placement', '--', ...small, '--only', 'simulated-trace']);
  expect(await bench.ended(), bench.output).toBe(0);

  const values = found();
  expect(values.get('p99 wait of tr-mooncake')).toHaveLength(1);
  expect(values.get('warm share of tr-mooncake')?.[0]).toBeGreaterThan(0);
  expect(values.get('warm share, off the simulated of tr-mooncake')?.[0]).toBeLessThanOrEqual(2);
});
