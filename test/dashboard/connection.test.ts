import type { Browser } from 'playwright-core';
import { sampleState } from '../../packages/dashboard/test/sample-state';
import { describeInChromium, openBrowser, openPage } from './support/chromium';
import { ShownState } from './support/shown-state';

let browser: Browser;

describeInChromium('a connection that is lost', () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });

  afterAll(() => browser?.close());

  test('is said, made again by itself, and begins with what was missed', async () => {
    const shown = await ShownState.of(sampleState());
    try {
      const { page, errors } = await openPage(browser, shown.url);
      expect(await page.locator('#link-word').textContent()).toBe('Live');
      await shown.close();
      await page.getByText('The connection to the dashboard is lost.').waitFor();
      expect(await page.locator('#link-word').textContent()).toBe('Not connected');
      shown.change({
        cluster: { healthy: true, reason: 'missed by nobody' },
        tables: { 1: null, 2: { partitions: { 0: [7, 2, [1], []] } } },
      });
      await shown.serve();
      await page.getByText('missed by nobody', { exact: true }).waitFor();
      expect(await page.locator('#lost').isVisible()).toBe(false);
      expect(await page.locator('tr[data-key="2.0"] td').first().textContent()).toBe('ballot 7');
      expect(await page.locator('tr[data-key="1"]').count()).toBe(0);
      expect(errors).toEqual([]);
    } finally {
      await shown.close();
    }
  });

  test('is said to be over when the address is no longer valid', async () => {
    const shown = await ShownState.of(sampleState());
    try {
      const { page } = await openPage(browser, shown.url);
      await shown.close();
      await shown.serve('another-token');
      await page.getByText('This address is no longer valid.').waitFor();
      expect(await page.locator('#retry').isVisible()).toBe(false);
    } finally {
      await shown.close();
    }
  });
});
