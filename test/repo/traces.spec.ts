import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { loadTrace } from '@shunt/workload';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../traces/', import.meta.url);
const readme = readFileSync(new URL('README.md', folder), 'utf8');
const grouped = (count: number) => count.toLocaleString('en-US');
const pathOf = (file: string) => fileURLToPath(new URL(file, folder));

const shipped = [
  { file: 'mooncake-conversation.csv.gz', hash: 'fd039129dbfb3e3c', tasks: 12_031, agents: 7_543 },
  { file: 'azure-llm-2023.csv.gz', hash: '9d2e29608b3e803f', tasks: 28_185, agents: 28_185 },
];

it('every shipped trace is looked at', () => {
  expect(readdirSync(folder).filter((name) => name.endsWith('.gz'))).toEqual(shipped.map(({ file }) => file).sort());
});

describe.each(shipped)('the shipped trace $file', ({ file, hash, ...counted }) => {
  it('is the file that its README names', () => {
    const sha256 = createHash('sha256')
      .update(gunzipSync(readFileSync(pathOf(file))))
      .digest('hex');

    expect(sha256.slice(0, 16)).toBe(hash);
    expect(readme).toContain(`\`${file}\``);
    expect(readme).toContain(hash);
  });

  it('has the tasks, agents and kinds that its README counts', async () => {
    const tasks = await loadTrace(pathOf(file));
    const agents = new Set(tasks.map((task) => task.agent));
    const kinds = [...new Set(tasks.map((task) => task.kind))];

    expect({ tasks: tasks.length, agents: agents.size }).toEqual(counted);
    expect(readme).toContain(`${grouped(tasks.length)} tasks of ${grouped(agents.size)} agents`);
    for (const kind of kinds) {
      expect(readme).toContain(`${grouped(tasks.filter((task) => task.kind === kind).length)} \`${kind}\``);
    }
  });
});

it('the traces come with their licences', () => {
  expect(readFileSync(new URL('LICENSE-Apache-2.0.txt', folder), 'utf8')).toContain('Apache License');
  expect(readme).toContain('https://creativecommons.org/licenses/by/4.0/');
});
