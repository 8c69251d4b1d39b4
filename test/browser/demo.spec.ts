import { expect } from 'vitest';
import { it } from '../support/browser/page-test.js';
import { commands } from '../support/e2e/commands.js';

const start = commands();

it('npm start: crash a worker in the page; its agents move and nothing is lost', async ({ browser }) => {
  const demo = start(['npm', 'start', '--', '--port', '0']);
  const [, url = ''] = await demo.said(/crash a worker, at (http:\S+)/);
  const page = await browser.open(url, null);
  await page.getByRole('button', { name: 'Crash a worker' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click();
  await page
    .getByRole('dialog')
    .getByText(/w\d was killed/)
    .waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByText(/Worker w\d is dead/).waitFor();
  await page.getByText('their worker died').waitFor();
  const moved = page.getByRole('status', { name: 'Moved agents' }).filter({ hasText: /moved [1-9]/ });
  await moved.waitFor();
  // It starts again by itself.
  await page.getByText(/All is well/).waitFor();
  expect(await page.getByRole('status', { name: 'Lost tasks' }).textContent()).toBe('lost 0');
  demo.interrupt();
  expect(await demo.ended()).toBe(0);
});
