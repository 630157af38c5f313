import type { Browser, Page } from 'playwright-core';
import { until } from '@onebox/base';
import { sampleState } from '../../packages/dashboard/test/sample-state';
import { accessibilityViolations, describeInChromium, openBrowser, openPage } from './support/chromium';
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
      expect(await page.locator('#health').textContent()).toBe('Unknown');
      expect(await page.locator('#reason').textContent()).toMatch(
        /^no connection; last known: unhealthy at \d\d:\d\d:\d\d: replica1 does not run/,
      );
      expect(await page.title()).toBe('○ onebox: no connection');
      const kill = page.locator('[data-server="replica2"] [data-verb="kill"]');
      await kill.click({ force: true });
      expect([await kill.getAttribute('aria-disabled'), await page.getByRole('dialog').count()]).toEqual([
        'true',
        0,
      ]);
      expect(await accessibilityViolations(page)).toEqual([]);
      shown.change({
        cluster: { healthy: true, reason: 'missed by nobody' },
        tables: { 1: null, 2: { partitions: { 0: [7, 2, [1], []] } } },
      });
      await shown.serve();
      await page.getByText('missed by nobody', { exact: true }).waitFor();
      expect(await page.locator('#lost').isVisible()).toBe(false);
      expect(await page.title()).toBe('● onebox: healthy');
      expect(await page.locator('[aria-disabled="true"]').count()).toBe(0);
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
      await page
        .getByText('This address is no longer valid: `onebox dashboard` prints the new one.')
        .waitFor();
      expect(await page.locator('#retry').isVisible()).toBe(false);
    } finally {
      await shown.close();
    }
  });

  test('is missed when nothing comes although it stands', async () => {
    const shown = await ShownState.of(sampleState());
    try {
      const { page } = await openPage(browser, shown.url);
      await page.clock.install();
      // Timers that are set from now on can be run forward.
      await page.locator('body[data-link="live"]').waitFor();
      const beats = await beatsOf(page);
      await until('a beat', () => beats() > 0, { withinMs: 10_000 });
      await page.clock.runFor(5001);
      await page.getByText(/^No news since \d\d:\d\d:\d\d$/).waitFor();
      expect(await page.title()).toBe('○ onebox: no connection');
      await page.locator('#link-word', { hasText: 'Live' }).waitFor();
      expect(await page.title()).toBe('▲ onebox: unhealthy');
    } finally {
      await shown.close();
    }
  });

  test('is ended while the page is hidden: more tabs than a browser has connections leave one for an action', async () => {
    const shown = await ShownState.of(sampleState());
    try {
      const { page } = await openPage(browser, shown.url);
      for (let tab = 0; tab < 7; tab += 1) {
        await see(page, false);
        await page.locator('#link-word', { hasText: 'Paused while hidden' }).waitFor();
        const another = await page.context().newPage();
        await another.goto(shown.url);
        await another.locator('body.ready').waitFor();
        if (tab < 6) await see(another, false);
        else {
          await another.locator('[data-server="replica1"] [data-verb="start"]').click();
          await another.locator('#outcome', { hasText: 'Done by the test.' }).waitFor();
        }
      }
      expect(await page.title()).toBe('○ onebox: paused while hidden');
      shown.change({ cluster: { reason: 'missed while hidden' } });
      await see(page, true);
      await page.getByText('missed while hidden', { exact: true }).waitFor();
      expect(await page.title()).toBe('▲ onebox: unhealthy');
    } finally {
      await shown.close();
    }
  });
});

/** A browser without a window shows all its pages; this one is hidden, or seen again. */
async function see(page: Page, visible: boolean): Promise<void> {
  await page.evaluate(`{
    Object.defineProperty(document, 'hidden', { value: ${!visible}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }`);
}

/** How many beats a page has had from now on. */
async function beatsOf(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page);
  let beats = 0;
  session.on('Network.eventSourceMessageReceived', ({ eventName }) => {
    if (eventName === 'beat') beats += 1;
  });
  await session.send('Network.enable');
  return () => beats;
}
