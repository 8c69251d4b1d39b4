import type { Role } from '@shunt/runtime';
import type { Browser, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { HttpPool, keyOf } from '../http.js';
import { launchChromium } from './chromium.js';

/** Longer than anything of these pages takes, on a busy machine too. */
const patienceMs = 60_000;

/** A browser whose pages are watched: what one of them complains of fails the test. */
export class Watched {
  readonly complaints: string[] = [];

  constructor(private readonly browser: Browser) {}

  /** A page of that size at an address, with the key of a role; null for none. */
  async open(url: string, as: Role | null, { width = 1440, dark = false } = {}): Promise<Page> {
    const page = await this.browser.newPage({
      viewport: { width, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
    });
    page.setDefaultTimeout(patienceMs);
    page.on('pageerror', ({ message }) => this.complaints.push(message));
    // Of a policy that is broken, not of answers that a test asks for.
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        this.complaints.push(message.text());
    });
    await page.goto(url);
    if (as !== null) {
      await page.getByLabel('API key').fill(keyOf(as));
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByRole('navigation').waitFor();
    }
    return page;
  }
}

/** `it` of a spec in a browser: with a pool, and a browser whose pages complain of nothing. */
export const it = test.extend<{ pool: HttpPool; browser: Watched }>({
  pool: async ({ task: _task }, use) => {
    const pool = new HttpPool();
    await use(pool);
    await pool.close();
  },
  browser: async ({ task: _task }, use) => {
    const browser = await launchChromium();
    const watched = new Watched(browser);
    await use(watched);
    await browser.close();
    expect(watched.complaints).toEqual([]);
  },
});
