import { describe, expect } from 'vitest';
import { it } from '../support/browser/page-test.js';

describe('a page that the dispatcher serves beside its own', () => {
  it('describes the API at /docs', async ({ pool, browser }) => {
    const api = await pool.boot();
    const page = await browser.open(`${api.url}/docs`, null);
    await page.getByText('/v1/tasks/{id}/explain').waitFor();
    await page.getByText('/v1/tasks/{id}/explain').click();
    await page.getByText('Try it out').first().waitFor();
  });

  it('shows the queue at /queues', async ({ pool, browser }) => {
    const api = await pool.boot();
    const page = await browser.open(api.url, 'viewer');
    await page.getByRole('link', { name: 'Queues' }).click();
    await page.getByText(pool.queueName).first().waitFor();
    expect(await page.title()).toContain('Shunt');
  });
});
