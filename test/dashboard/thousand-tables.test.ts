import type { Browser, Page } from 'playwright-core';
import { until } from '@onebox/base';
import { largeState, sampleState } from '../../packages/dashboard/test/sample-state';
import { describeInChromium, openBrowser, openPage } from './support/chromium';
import { ShownState } from './support/shown-state';

/** The promise, in milliseconds from the beginning of the navigation to the first paint with the tables in it. */
const PAINTED_WITHIN_MS = 1000;
/** A machine that has other things to do is asked again; what counts is the best it can do. */
const LOADS = 6;

let browser: Browser;
let shown: ShownState;

async function paintedAfterMs(page: Page): Promise<number> {
  const mark = 'performance.getEntriesByName("onebox-painted")[0]?.startTime ?? 0';
  return until('the first paint', () => page.evaluate<number>(mark), { withinMs: 15_000, everyMs: 20 });
}

/** The text of the messages that a page gets from now on. */
async function messagesOf(page: Page): Promise<readonly { readonly name: string; readonly data: string }[]> {
  const session = await page.context().newCDPSession(page);
  const messages: { name: string; data: string }[] = [];
  session.on('Network.eventSourceMessageReceived', ({ eventName, data }) => {
    messages.push({ name: eventName, data });
  });
  await session.send('Network.enable');
  return messages;
}

describeInChromium('a thousand tables of eight partitions', () => {
  beforeAll(async () => {
    browser = await openBrowser();
    shown = await ShownState.of(largeState(1000, 8));
  });

  afterAll(async () => {
    await browser?.close();
    await shown?.close();
  });

  test('are painted first within a second', async () => {
    const small = await ShownState.of(sampleState());
    try {
      const { page } = await openPage(browser, small.url);
      // What this machine needs for the same page with next to nothing in it says how busy it is.
      let [best, bestSmall] = [Infinity, await paintedAfterMs(page)];
      for (let load = 0; load < LOADS && best >= PAINTED_WITHIN_MS; load += 1) {
        await page.goto(shown.url);
        best = Math.min(best, await paintedAfterMs(page));
        await page.goto(small.url);
        bestSmall = Math.min(bestSmall, await paintedAfterMs(page));
      }
      expect(best).toBeLessThan(Math.max(PAINTED_WITHIN_MS, 3 * bestSmall));
    } finally {
      await small.close();
    }
  });

  test('a change of one partition is one message about that partition, and touches its row only', async () => {
    const { page, errors } = await openPage(browser, shown.url);
    await page.locator('#table-filter').fill('table_0500');
    await page.getByRole('button', { name: 'table_0500', exact: true }).click();
    await page.locator('tr[data-key="500.3"]').waitFor();
    const messages = await messagesOf(page);
    // Whatever the page changes below the grid is noted by its row.
    await page.evaluate(`{
      globalThis.touched = new Set();
      new MutationObserver((changes) => {
        for (const { target } of changes)
          touched.add((target.nodeType === 1 ? target : target.parentElement).closest('tr, table')?.dataset.key ?? '?');
      }).observe(document.getElementById('grid'), { subtree: true, childList: true, attributes: true, characterData: true });
    }`);
    shown.change({ tables: { 500: { fullyHealthy: 7, unhealthy: 1, partitions: { 3: [5, 1, [2], []] } } } });
    await page.locator('tr[data-key="500.3"]', { hasText: 'ballot 5' }).waitFor();
    const touched = await page.evaluate<readonly string[]>('[...touched].sort()');
    expect(touched).toEqual(['500', '500.3']);
    const tables = { 500: { fullyHealthy: 7, unhealthy: 1, partitions: { 3: [5, 1, [2], []] } } };
    const patch = { cluster: { at: expect.any(Number) as number }, tables };
    expect(messages.map(({ name, data }) => [name, JSON.parse(data) as unknown])).toEqual([['patch', patch]]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('only the rows in sight are in the document, and the keyboard reaches the last one', async () => {
    const { page, errors } = await openPage(browser, shown.url);
    const rows = page.locator('#grid-rows tr[data-key]');
    expect(await page.locator('#grid').getAttribute('aria-rowcount')).toBe('1001');
    await page.getByRole('button', { name: 'Open all' }).click();
    expect(await page.locator('#grid').getAttribute('aria-rowcount')).toBe('9001');
    expect(await rows.count()).toBeLessThan(100);
    await page.getByRole('button', { name: 'table_0001', exact: true }).focus();
    await page.keyboard.press('Control+End');
    const last = page.locator('tr[data-key="1000.7"]');
    expect(await last.getAttribute('aria-rowindex')).toBe('9001');
    expect(await last.locator(':focus').count()).toBe(1);
    expect(await rows.count()).toBeLessThan(100);
    await page.keyboard.press('Control+Home');
    expect(await page.locator('tr[data-key="1"] :focus').textContent()).toBe('table_0001');
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
