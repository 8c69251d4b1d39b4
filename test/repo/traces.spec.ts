import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { loadTrace } from '@shunt/workload';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../traces/', import.meta.url);
const file = fileURLToPath(new URL('mooncake-conversation.csv.gz', folder));
const readme = readFileSync(new URL('README.md', folder), 'utf8');
const grouped = (count: number) => count.toLocaleString('en-US');

describe('the shipped trace', () => {
  it('is the file that its README names', () => {
    const sha256 = createHash('sha256')
      .update(gunzipSync(readFileSync(file)))
      .digest('hex');

    expect(sha256.slice(0, 16)).toBe('fd039129dbfb3e3c');
    expect(readme).toContain(sha256.slice(0, 16));
  });

  it('has the tasks, agents and kinds that its README counts', async () => {
    const tasks = await loadTrace(file);
    const agents = new Set(tasks.map((task) => task.agent));
    const kinds = [...new Set(tasks.map((task) => task.kind))];

    expect(tasks).toHaveLength(12_031);
    expect(agents.size).toBe(7_543);
    expect(readme).toContain(`${grouped(tasks.length)} tasks of ${grouped(agents.size)} agents`);
    for (const kind of kinds) {
      expect(readme).toContain(`${grouped(tasks.filter((task) => task.kind === kind).length)} \`${kind}\``);
    }
  });

  it('comes with its licence', () => {
    expect(readFileSync(new URL('LICENSE-Apache-2.0.txt', folder), 'utf8')).toContain('Apache License');
  });
});
