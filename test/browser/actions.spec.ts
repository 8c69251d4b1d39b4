import { describe, expect } from 'vitest';
import { it } from '../support/browser/page-test.js';
import { act, busy, go, see } from '../support/browser/steps.js';

describe('an action of the dashboard says what it would do, and does it once that is confirmed', () => {
  it('drains a worker, and lets it back', async ({ pool, browser }) => {
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

  it('evicts what waits for a worker', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { letGo } = await busy(pool);
    const page = await browser.open(`${api.url}/#/workers/w1`, 'operator');
    await act(page, 'Evict from w1', /0 waiting tasks would go to 1 other worker; 0 would stay/, /0 tasks of w1 went/);
    letGo();
  });

  it('opens a breaker, closes it, and gives it back to the rules', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { letGo } = await busy(pool);
    const page = await browser.open(`${api.url}/#/workers/w1`, 'operator');
    const breaker = page.getByRole('region', { name: 'How it does' });
    const open =
      /^The worker would get nothing .* would go to 1 other worker; .* The breaker is closed now, by the rules\.$/;
    await act(page, 'Open breaker', open, /Ordered: open/);
    await breaker.getByText('open', { exact: true }).waitFor();
    await act(
      page,
      'Close breaker',
      /^The worker would get tasks whatever it does.* The breaker is open now/,
      /Ordered: close/,
    );
    await breaker.getByText('closed', { exact: true }).waitFor();
    await act(page, 'Breaker by the rules', /The rules would decide again/, /Ordered: auto/);
    await go(page, 'Events');
    await see(page, /breaker: auto \(by the-operator: a test\)/);
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

  it('moves an agent, and takes it from its home', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { client, letGo } = await busy(pool);
    const { home } = await client.agents.get('a-greet');
    const other = home === 'w1' ? 'w2' : 'w1';
    const page = await browser.open(`${api.url}/#/agents/a-greet`, 'operator');
    await page.getByRole('combobox', { name: 'Worker' }).selectOption(other);
    const plan = new RegExp(`^Its next task would go to ${other}, and may move on after that`);
    await act(page, `Move to ${other}`, plan, new RegExp(`a-greet goes to ${other} with its next task`));
    await (await client.enqueue('greet', {}, { agentId: 'a-greet' })).result();
    await page.getByRole('link', { name: other, exact: true }).first().waitFor();
    const close = new RegExp(`^${other} would close its state, so that its next task starts cold`);
    await act(page, 'Release', close, /a-greet has no home any more/);
    expect((await client.agents.get('a-greet')).home).toBeNull();
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
    await act(page, 'Retry', /run again with all its attempts\. Its agent's home is w\d\./, /It runs again/);
    await page.goto(`${api.url}/#/tasks/a-hold~long`);
    await act(page, 'Cancel', /Its worker would abort it/, /cancelling/);
    letGo();
  });

  it('wishes for more workers, and leaves their number to the advice', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { client, letGo } = await busy(pool);
    const page = await browser.open(`${api.url}/#/pool`, 'operator');
    await page.getByRole('spinbutton', { name: 'Workers' }).fill('7');
    await act(
      page,
      'Scale to 7',
      /^Of workers, [56] would be started if a scaler ran, and none does/,
      /The target is 7 workers/,
    );
    expect((await client.pool.scale()).wished).toBe(7);
    await act(page, 'By advice', /^The wish for 7 would end/, /The target is \d+ workers?\./);
    expect((await client.pool.scale()).wished).toBeNull();
    letGo();
  });

  it('changes the strategy', async ({ pool, browser }) => {
    const api = await pool.boot();
    const page = await browser.open(`${api.url}/#/pool`, 'admin');
    await page.getByRole('combobox', { name: 'Strategy' }).selectOption('peak-ewma');
    await act(
      page,
      'Change strategy',
      /^strategy: as the processes say → peak-ewma\. Every process/,
      /Version 1 is in force/,
    );
    await page.getByText('Picks the worker for agents without a home: peak-ewma').waitFor();
    await go(page, 'Events');
    await see(page, /→ "?peak-ewma"? \(by the-admin: a test\)/);
    await page.getByRole('tab', { name: 'Who changed it' }).click();
    await page.getByRole('cell', { name: 'a test' }).waitFor();
  });

  it('changes no other configuration than the one that its plan was made of', async ({ pool, browser }) => {
    const api = await pool.boot();
    const page = await browser.open(`${api.url}/#/pool`, 'admin');
    await page.getByRole('combobox', { name: 'Strategy' }).selectOption('peak-ewma');
    await page.getByRole('button', { name: 'Change strategy' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^strategy: /).waitFor();
    await pool.client().pool.setConfig({ strategy: 'random' });
    await see(page, 'version 1 of the configuration');
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await dialog.getByText('the configuration is at version 1, not 0: read it again').waitFor();
    expect((await pool.client().pool.getConfig()).config).toEqual({ strategy: 'random' });
  });
});
