import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { it } from '../support/browser/page-test.js';
import { busy, go, see } from '../support/browser/steps.js';
import { RedisOfTest } from '../support/e2e/redis-of-test.js';
import { HttpPool } from '../support/http.js';
import { until } from '../support/pool-test.js';

const answer = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

describe('the dashboard', () => {
  it('answers the five questions with what the pool really does', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { client, letGo } = await busy(pool);
    for (const id of ['a-1', 'a-2', 'a-3']) {
      await client.agents.pin(id, 'w1');
      await client.enqueue('hold', {}, { agentId: id, id: 'kept' });
    }
    const page = await browser.open(api.url, 'admin');

    await answer(page, 'Is anybody working?').getByRole('link', { name: /^w2/ }).waitFor();

    const late = answer(page, 'How late is work, and where?');
    await late.getByText(/, in the lane of w1: a-\d~kept/).waitFor();
    await late.getByText('99 % started within').waitFor();
    await late.getByRole('list', { name: 'Lanes that are behind' }).getByRole('link', { name: 'w1' }).waitFor();
    const { lane } = (await client.pool.stats()).tasks;
    expect(lane).toBeGreaterThan(0);
    const depths = new RegExp(`Lanes\\s+${lane}\\s+Mailboxes\\s+0\\s+Running\\s+${4 - lane}\\s`);
    await until(async () => depths.test(await late.locator('.depths').innerText()));

    await answer(page, 'What is failing?').getByText('the disk is full').waitFor();
    await answer(page, 'What changed?').getByText('joined').first().waitFor();
    await answer(page, 'What can I safely do now?')
      .getByRole('link', { name: /^Drain w\d$/ })
      .waitFor();
    await answer(page, 'Who moved, and why?').getByText('No agent has left its home.').waitFor();
    await page.getByRole('img', { name: `Tasks, by where they are: ${4 - lane} run, ${lane} wait` }).waitFor();

    const search = answer(page, 'Where is agent X, and why?');
    await search.getByText(/^Late most: a-\d, whose task has waited/).waitFor();
    await search.getByLabel('Agent').fill('a-hold');
    await search.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('heading', { name: 'Agent a-hold' }).waitFor();
    await see(page, /It runs on worker w\d/);
    letGo();
    await see(page, 'It has no task that is under way.');
  });

  it('has a page for workers, agents, tasks, the pool and events, by mouse and by keys', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { letGo } = await busy(pool);
    const page = await browser.open(api.url, 'viewer', { dark: true });
    await go(page, 'Workers');
    await see(page, '2 workers, 2 take tasks');
    await go(page, 'w1');
    await page.getByRole('heading', { name: 'Worker w1' }).waitFor();
    await see(page, /\d+ on /);
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await go(page, 'a-greet');
    await page.getByRole('heading', { name: 'Agent a-greet' }).waitFor();
    await go(page, 'a-greet~one');
    await see(page, '"hello"');
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await go(page, 'a-hold~long');
    await page.getByRole('heading', { name: 'Task a-hold~long' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('a-hold');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Agent a-hold' }).waitFor();
    await go(page, 'Pool');
    await see(page, 'Advised by the leader');
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    await see(page, 'joined');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    letGo();
  });

  it('shows a task of an id that Shunt did not make, and what happened to its agent', async ({ pool, browser }) => {
    const api = await pool.boot();
    pool.serve({ greet: () => 'hello' }, { id: 'w1' });
    await pool.queue().add('greet', {}, { jobId: '%FF~x' });
    const page = await browser.open(`${api.url}/#/tasks/%25FF~x`, 'viewer');
    await page.getByRole('heading', { name: 'Task %FF~x' }).waitFor();
    await see(page, '"hello"');
    await page.goto(`${api.url}/#/events?view=all`);
    await page.getByRole('listitem').filter({ hasText: '%FF → w1 (new)' }).waitFor();
  });

  it('says of each reason why agents moved what is true of it', async ({ pool, browser }) => {
    const api = await pool.boot();
    for (const reason of ['evicted', 'labels']) await pool.redis.hincrby(pool.keys.of('bound'), reason, 1);
    const page = await browser.open(api.url, 'viewer');
    await see(page, 'an operator gave what waited for their worker to others, or it was taken for dead by mistake');
    await see(page, 'their next task requires a label that their worker lacks');
  });

  it('says of a list whose answer does not come that it did not', async ({ pool, browser }) => {
    const api = await pool.boot();
    await busy(pool).then(({ letGo }) => letGo());
    const page = await browser.open(api.url, 'viewer');
    await page.route('**/v1/tasks?*', () => undefined);
    await go(page, 'Tasks');
    await see(page, 'The dispatcher did not answer within 10 s');
  });

  it('says across the page that Redis is down, and is live again once it is back', async ({ browser }) => {
    const redis = new RedisOfTest();
    await redis.up();
    const pool = new HttpPool(redis.url);
    // Its own connection is not what is looked at.
    pool.redis.on('error', () => undefined);
    const api = await pool.boot();
    const page = await browser.open(api.url, 'viewer');
    await page.getByRole('img', { name: 'live', exact: true }).waitFor();
    await redis.crash();
    await page.getByRole('alert').getByText('Redis does not answer').waitFor();
    await page.getByRole('img', { name: 'not live' }).waitFor();
    await redis.up();
    await page.getByRole('img', { name: 'live', exact: true }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await pool.stopApps();
    await page.getByRole('alert').getByText('No connection to the dispatcher').waitFor();
    await pool.close();
  });
});
