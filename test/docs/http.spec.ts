import { readSettings } from '@shunt/runtime';
import { expect } from 'vitest';
import { it } from '../support/http.js';
import { root } from './pages.js';
import { runShell } from './shell.js';
import { runnable, shapeOf, snippetsOf } from './snippets.js';

const page = 'docs/http.md';
const curl = `curl() { node "${root}test/docs/curl.mjs" "$@"; }`;

/** What is compared of an answer: the shapes of its lines of JSON, or its text without times. */
function told(language: string, text: string): unknown {
  const lines = text.trim().split('\n');
  if (language === 'json') return lines.map((line) => shapeOf(JSON.parse(line)));
  return lines.map((line) => line.replace(/^id: \d+-\d+$/, 'id'));
}

it('answers the requests of the page as the page shows', async ({ pool }) => {
  const { url } = await pool.boot({ apiKeys: undefined });
  pool.serve({ echo: (input) => input }, { id: 'w1' });
  const client = pool.client();
  for (const sessionTtl of ['10m', '20m', '30m']) await client.pool.setConfig({ sessionTtl });
  let requests = 0;
  for (const [index, { at, language, text }] of snippetsOf(page).entries()) {
    if (language !== 'sh' || !text.includes('curl ')) continue;
    const there = text
      .replaceAll('localhost:7420', new URL(url).host)
      .replaceAll('/pools/agents', `/pools/${pool.pool}`);
    const shown = snippetsOf(page)[index + 1];
    const said = await runShell(`${curl}\n${there}`);
    expect([at, told(shown?.language ?? '', said)]).toEqual([at, told(shown?.language ?? '', shown?.text ?? '')]);
    requests += text.match(/^curl /gm)?.length ?? 0;
  }
  expect(requests).toBe(4);
});

it('makes a key that dispatchers take', async () => {
  const [block] = runnable(page, 'sh').filter(({ text }) => text.includes('SHUNT_API_KEYS'));
  const keys = await runShell(`${block?.text}\nprintf %s "$SHUNT_API_KEYS"`);
  const { SHUNT_API_KEYS: read } = readSettings(['SHUNT_API_KEYS'], { SHUNT_API_KEYS: keys });
  expect(read).toMatchObject([{ name: 'ci', role: 'submitter' }]);
});

it('tells what is wrong as the page shows', async ({ pool }) => {
  const api = await pool.bootIdle();
  const reply = await api.post('/v1/tasks', { task: 'echo', input: null, options: { priorty: 1 } });
  const shown = runnable(page, 'json').find(({ text }) => text.includes('about:blank'));
  expect(await reply.json()).toEqual(JSON.parse(shown?.text ?? ''));
});
