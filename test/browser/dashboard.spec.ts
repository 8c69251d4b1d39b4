import { Terminal } from '@shunt/sdk';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { it } from '../support/browser/page-test.js';
import { RedisOfTest } from '../support/e2e/redis-of-test.js';
import { HttpPool } from '../support/http.js';
import { Signal } from '../support/pool.js';

/** A pool whose workers w1 and w2 have done something, and whose agent a-hold has a task that runs until it is let go. */
async function busy(pool: HttpPool) {
  const held = new Signal();
  const handlers = {
    greet: () => 'hello',
    hold: () => held.seen,
    fail: () => {
      throw new Terminal('the disk is full');
    },
  };
  for (const id of ['w1', 'w2']) pool.serve(handlers, { id, slots: 2 });
  const client = pool.client();
  await (await client.enqueue('greet', {}, { agentId: 'a-greet', id: 'one' })).result();
  await (await client.enqueue('fail', {}, { agentId: 'a-fail', id: 'bad' })).ended({ wait: '30s' });
  await client.enqueue('hold', {}, { agentId: 'a-hold', id: 'long' });
  return { client, letGo: () => held.resolve() };
}

const see = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const go = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).first().click();

/** Presses a button, confirms what the dialog says, and waits for what was done. */
async function act(page: Page, name: string, plan: RegExp, done: RegExp): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(plan).waitFor();
  await dialog.getByLabel('Reason, for the audit').fill('a test');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await dialog.getByText(done).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
}

/** In the page: what can be pressed or filled and has no name. */
function nameless(): string[] {
  const named = (one: Element) => {
    const labels = (one as HTMLInputElement).labels ?? [];
    return [one.getAttribute('aria-label'), one.textContent, ...[...labels].map((label) => label.textContent)].some(
      (text) => text?.trim(),
    );
  };
  return [...document.querySelectorAll('a, button, input, select')]
    .filter((one) => !named(one))
    .map((one) => one.outerHTML);
}

describe('the dashboard', () => {
  it('answers the five questions with what the pool really does', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { letGo } = await busy(pool);
    const page = await browser.open(api.url, 'admin');
    await page.getByText('the disk is full').waitFor();
    for (const question of ['Is anybody working?', 'What is failing?', 'What changed?', 'Who moved, and why?'])
      await page.getByRole('region', { name: question }).waitFor();
    await page.getByRole('img', { name: /^Tasks, by where they are: 1 run/ }).waitFor();
    await page.getByRole('link', { name: /^w2/ }).first().waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type('a-hold');
    await page.keyboard.press('Enter');
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

  it('fits a phone, and names all that one can press or fill', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { letGo } = await busy(pool);
    const page = await browser.open(api.url, 'admin', { width: 390 });
    const places = [
      '',
      'workers',
      'workers/w1',
      'agents',
      'agents/a-hold',
      'tasks',
      'tasks/a-hold~long',
      'pool',
      'events',
    ];
    for (const place of places) {
      await page.goto(`${api.url}/#/${place}`);
      await page.getByRole('main').getByRole('heading').first().waitFor();
      expect([place, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([place, 390]);
      expect([place, await page.evaluate(nameless)]).toEqual([place, []]);
    }
    letGo();
  });

  it('tells what a drain would move, drains, and lets the worker back', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { letGo } = await busy(pool);
    const page = await browser.open(`${api.url}/#/workers/w1`, 'operator');
    await act(page, 'Drain w1', /0 waiting tasks would go to 1 other worker/, /w1 is drained/);
    await see(page, 'drained');
    await go(page, 'Overview');
    await see(page, 'Worker w1 is drained');
    await go(page, 'Let it back');
    await act(page, 'Undrain w1', /receive tasks again/, /w1 receives again/);
    await page.getByRole('button', { name: 'Drain w1' }).waitFor();
    letGo();
  });

  it('tells what an eviction would move, and does it', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { letGo } = await busy(pool);
    const page = await browser.open(`${api.url}/#/workers/w1`, 'operator');
    await act(page, 'Evict from w1', /0 waiting tasks would go to 1 other worker; 0 would stay/, /0 tasks of w1 went/);
    letGo();
  });

  it('pins an agent and unpins it', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { letGo } = await busy(pool);
    const page = await browser.open(`${api.url}/#/agents/a-greet`, 'operator');
    await page.getByRole('combobox', { name: 'Worker' }).selectOption('w2');
    await act(page, 'Pin to w2', /go to w2 and no other, until it is unpinned/, /a-greet is pinned to w2/);
    await see(page, 'w2, strict, until unpinned');
    await act(page, 'Unpin', /anywhere again/, /a-greet is free/);
    letGo();
  });

  it('pauses an agent and resumes it', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { client, letGo } = await busy(pool);
    const page = await browser.open(`${api.url}/#/agents/a-greet`, 'operator');
    await act(page, 'Pause', /would wait, in order/, /a-greet is paused/);
    await see(page, /It is paused by the-operator since/);
    const task = await client.enqueue('greet', {}, { agentId: 'a-greet', id: 'two' });
    await page.goto(`${api.url}/#/agents`);
    await page.getByRole('row', { name: /^a-greet paused/ }).waitFor();
    await page.goto(`${api.url}/#/tasks/a-greet~two`);
    await see(page, /It waits because its agent is paused by the-operator since/);
    await page.goto(`${api.url}/#/agents/a-greet`);
    await act(page, 'Resume', /go on at once, in order; in its mailbox: 1/, /a-greet goes on/);
    expect(await task.result()).toBe('hello');
    letGo();
  });

  it('cancels and retries a task', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { letGo } = await busy(pool);
    const page = await browser.open(`${api.url}/#/tasks/a-fail~bad`, 'submitter');
    await see(page, 'the disk is full');
    await act(page, 'Retry', /run again with all its attempts/, /It runs again/);
    await page.goto(`${api.url}/#/tasks/a-hold~long`);
    await act(page, 'Cancel', /Its worker would abort it/, /cancelling/);
    letGo();
  });

  it('changes the strategy', async ({ pool, browser }) => {
    const api = await pool.boot();
    const page = await browser.open(`${api.url}/#/pool`, 'admin');
    await page.getByRole('combobox', { name: 'Strategy' }).selectOption('peak-ewma');
    await act(page, 'Change strategy', /strategy: as the processes say → peak-ewma/, /Version 1 is in force/);
    await page.getByText('Picks the worker for agents without a home: peak-ewma').waitFor();
    await go(page, 'Events');
    await see(page, /→ "?peak-ewma"? \(by the-admin: a test\)/);
    await page.getByRole('tab', { name: 'Who changed it' }).click();
    await page.getByRole('cell', { name: 'a test' }).waitFor();
  });

  it('shows a viewer no button that changes anything, and refuses an unknown key', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { letGo } = await busy(pool);
    const page = await browser.open(api.url, 'viewer');
    for (const [place, heading] of [
      ['workers/w1', 'Worker w1'],
      ['agents/a-greet', 'Agent a-greet'],
      ['tasks/a-hold~long', 'Task a-hold~long'],
      ['pool', /^Pool/],
    ] as const) {
      await page.goto(`${api.url}/#/${place}`);
      await page.getByRole('heading', { name: heading }).waitFor();
      await page.getByRole('region').nth(1).or(page.getByText('Where is it, and why?')).first().waitFor();
      const buttons = await page.getByRole('main').getByRole('button').allTextContents();
      expect([place, buttons.filter((name) => name !== 'More')]).toEqual([place, []]);
    }
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByLabel('API key').fill('not-a-key');
    await page.getByRole('button', { name: 'Open' }).click();
    await see(page, 'This key is not known here');
    letGo();
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
