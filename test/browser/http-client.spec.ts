import { describe, expect } from 'vitest';
import { bundled } from '../support/browser/bundle.js';
import { it } from '../support/browser/page-test.js';
import { keyOf } from '../support/http.js';

const name = 'shunt';
/** What a page does by the package's own words; it goes there as text, and finds the module by its name. */
type Module = typeof import('@shunt/sdk');

describe('@shunt/sdk/http, bundled for a page', () => {
  it('has nothing of Node, Redis or BullMQ in it', async () => {
    const { files, code } = await bundled('@shunt/sdk/http', name);
    const foreign = files.filter((file) =>
      /node_modules\/(?:@?ioredis|bullmq|msgpackr)|__vite-browser-external/.test(file),
    );
    expect(foreign).toEqual([]);
    expect(files.some((file) => file.endsWith('http-client.js'))).toBe(true);
    expect(code).not.toMatch(/\bBuffer\b|\bprocess\.|\brequire\(/);
  });

  it('enqueues, follows and awaits a task from a page of the dispatcher’s own origin', async ({ pool, browser }) => {
    const api = await pool.boot();
    pool.serve({
      greet: async (input, { emit }) => {
        await emit('half');
        return `hello ${(input as { name: string }).name}`;
      },
    });
    const page = await browser.open(api.url, 'submitter');
    const { code } = await bundled('@shunt/sdk/http', name);
    await page.route('**/client.js', (route) => route.fulfill({ contentType: 'text/javascript', body: code }));
    await page.addScriptTag({ url: '/client.js' });
    const told = await page.evaluate(
      async ({ address, apiKey }) => {
        // Until it has waited once, what is evaluated here may do what the page's policy forbids.
        await new Promise((resolve) => setTimeout(resolve));
        const { connect, isShuntError } = (globalThis as unknown as { shunt: Module }).shunt;
        const client = connect({ address, apiKey });
        const task = await client.enqueue('greet', { name: 'Ada' }, { agentId: 'a-42' });
        const events: string[] = [];
        for await (const { type, value } of task.events()) events.push(type === 'data' ? `data: ${value}` : type);
        const refusal = await client
          .enqueue('greet', { n: Number.NaN })
          .catch((error) => isShuntError(error) && error.code);
        const order = await client.workers.drain('w1').catch((error) => isShuntError(error) && error.code);
        const result = await task.result();
        client.close();
        return { result, events, refusal, order };
      },
      { address: api.url, apiKey: keyOf('submitter') },
    );
    expect(told).toMatchObject({ result: 'hello Ada', refusal: 'INVALID_TASK', order: 'FORBIDDEN' });
    expect(told.events).toEqual(expect.arrayContaining(['data: half', 'completed']));
  });
});
