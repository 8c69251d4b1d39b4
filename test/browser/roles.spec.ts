import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { it } from '../support/browser/page-test.js';
import { busy, places, see, visit } from '../support/browser/steps.js';

/** Buttons that look further and change nothing; heads of columns and tabs are none of the buttons here. */
const harmless: ReadonlySet<string> = new Set(['Find', 'More', 'Older']);

/** At each place: the buttons by which something is changed. */
async function changing(page: Page, url: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const place of places) {
    await visit(page, url, place);
    const buttons = page.getByRole('main').locator('button:not(th button, [role=tab]), [role=button], [type=submit]');
    found[place[0]] = (await buttons.allTextContents()).filter((name) => !harmless.has(name));
  }
  return found;
}

describe('the dashboard', () => {
  it('shows a viewer no button that changes anything, at no place', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { letGo } = await busy(pool);
    const viewer = await browser.open(api.url, 'viewer');
    expect(await changing(viewer, api.url)).toEqual(Object.fromEntries(places.map(([place]) => [place, []])));
    const admin = await browser.open(api.url, 'admin');
    const shown = Object.entries(await changing(admin, api.url)).filter(([, buttons]) => buttons.length > 0);
    expect(shown.map(([place]) => place)).toEqual(['workers/w1', 'agents/a-hold', 'tasks/a-hold~long', 'pool']);
    letGo();
  });

  it('asks for a key once it was left, and refuses one that nobody knows', async ({ pool, browser }) => {
    const api = await pool.boot();
    const page = await browser.open(api.url, 'viewer');
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByLabel('API key').fill('not-a-key');
    await page.getByRole('button', { name: 'Open' }).click();
    await see(page, 'This key is not known here');
  });
});
