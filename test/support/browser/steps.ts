import { Terminal } from '@shunt/sdk';
import type { Page } from 'playwright-core';
import type { HttpPool } from '../http.js';
import { Signal } from '../pool.js';
import { until } from '../pool-test.js';

/** A pool whose workers w1 and w2 have done something, and whose agent a-hold has a task that runs until it is let go. */
export async function busy(pool: HttpPool) {
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
  await until(async () => (await client.workers.list()).length === 2);
  await (await client.enqueue('greet', {}, { agentId: 'a-greet', id: 'one' })).result();
  await (await client.enqueue('fail', {}, { agentId: 'a-fail', id: 'bad' })).ended({ wait: '30s' });
  const long = await client.enqueue('hold', {}, { agentId: 'a-hold', id: 'long' });
  await until(async () => (await long.status()).state === 'running');
  return { client, letGo: () => held.resolve() };
}

/** Every page of the dashboard: its place, its heading, and what one sees once it knows what {@link busy} did. */
export const places = [
  ['overview', 'Overview', 'the disk is full'],
  ['workers', 'Workers', '2 workers, 2 take tasks'],
  ['workers/w1', 'Worker w1', 'Lease until'],
  ['agents', 'Agents', 'a-hold'],
  ['agents/a-hold', 'Agent a-hold', /It runs on worker w\d/],
  ['tasks', 'Tasks', 'a-hold~long'],
  ['tasks/a-hold~long', 'Task a-hold~long', /It runs on worker w\d/],
  ['pool', /^Pool /, 'Advised by the leader'],
  ['events', 'Events', 'joined'],
] as const;

/** Goes to a place and waits for its data. */
export async function visit(page: Page, url: string, [place, name, seen]: (typeof places)[number]): Promise<void> {
  await page.goto(`${url}/#/${place}`);
  await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
  await page.getByRole('main').getByText(seen).first().waitFor();
}

/** Waits for a text. */
export const see = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

/** Follows a link. */
export const go = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).first().click();

/** Presses a button, confirms what the dialog says, and waits for what was done. */
export async function act(page: Page, name: string, plan: RegExp, done: RegExp): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(plan).waitFor();
  await dialog.getByLabel('Reason, for the audit').fill('a test');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await dialog.getByText(done).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
}
