import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { nameless } from '../support/browser/names.js';
import { it } from '../support/browser/page-test.js';
import { busy, places, visit } from '../support/browser/steps.js';
import { until } from '../support/pool-test.js';

/** In the page: ids in tables that are broken after every few letters. */
const broken = () =>
  [...document.querySelectorAll('td > a.id')]
    .filter((one) => one.getBoundingClientRect().height > 100)
    .map((one) => one.textContent);

/** What a place of a phone's width has wrong. */
const faults = async (page: Page) => [
  await page.evaluate(() => document.documentElement.scrollWidth),
  await page.evaluate(nameless),
  await page.evaluate(broken),
];

const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const brightness = (color: string) => Math.max(...(color.match(/\d+/g) ?? []).map(Number));

describe('the dashboard', () => {
  it('fits a phone, and names all that one can press or fill', async ({ pool, browser }) => {
    const api = await pool.boot();
    const { client, letGo } = await busy(pool);
    await client.enqueue('hold', {}, { agentId: 'a-with-a-long-name' });
    const stranger = await browser.open(api.url, null, { width: 390 });
    await stranger.getByLabel('API key').waitFor();
    expect(await faults(stranger)).toEqual([390, [], []]);
    const page = await browser.open(api.url, 'admin', { width: 390 });
    for (const place of places) {
      await visit(page, api.url, place);
      expect([place[0], ...(await faults(page))]).toEqual([place[0], 390, [], []]);
    }
    await page.goto(`${api.url}/#/workers/w1`);
    await page.getByRole('button', { name: 'Drain w1' }).click();
    await page.getByRole('dialog').getByLabel('Reason, for the audit').waitFor();
    expect(await faults(page)).toEqual([390, [], []]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Keys' }).click();
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await faults(page)).toEqual([390, [], []]);
    letGo();
  });

  it('is dark or light as the system is, until one presses d or the button', async ({ pool, browser }) => {
    const api = await pool.boot();
    const dark = await browser.open(api.url, 'viewer', { dark: true });
    const light = await browser.open(api.url, 'viewer');
    const [night, day] = [await background(dark), await background(light)];
    expect([brightness(night) < 64, brightness(day) > 192]).toEqual([true, true]);

    const becomes = async (page: Page, theme: string, color: string) => {
      await page.getByRole('button', { name: `Theme: ${theme}`, exact: true }).waitFor();
      await until(async () => (await background(page)) === color);
    };
    await light.keyboard.press('d');
    await becomes(light, 'dark', night);
    await light.getByRole('button', { name: 'Theme: dark' }).click();
    await becomes(light, 'light', day);

    await dark.getByRole('button', { name: 'Theme: auto' }).click();
    await becomes(dark, 'dark', night);
    await dark.keyboard.press('d');
    await becomes(dark, 'light', day);
    await dark.reload();
    await becomes(dark, 'light', day);
    await dark.keyboard.press('d');
    await becomes(dark, 'auto', night);
  });
});
