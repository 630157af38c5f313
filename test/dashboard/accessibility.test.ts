import type { Browser } from 'playwright-core';
import { sampleState } from '../../packages/dashboard/test/sample-state';
import { accessibilityViolations, describeInChromium, openBrowser, openPage } from './support/chromium';
import { ShownState } from './support/shown-state';

let browser: Browser;
let shown: ShownState;

describeInChromium('the page for everybody', () => {
  beforeAll(async () => {
    browser = await openBrowser();
    shown = await ShownState.of(sampleState());
  });

  afterAll(async () => {
    await browser?.close();
    await shown?.close();
  });

  test.each(['light', 'dark'] as const)('axe-core objects to nothing (%s)', async (colorScheme) => {
    const { page, errors } = await openPage(browser, shown.url, { colorScheme });
    // Everything that can be seen at once: a partition that is explained, the last action, then a dialog over it.
    await page.locator('tr[data-key="2.0"]').getByRole('button').click();
    await page.locator('[data-server="replica1"] [data-verb="start"]').click();
    await page.locator('#outcome', { hasText: 'Done by the test.' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.locator('[data-server="meta1"]').getByRole('button', { name: 'More' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Kill', exact: true }).click();
    expect(await accessibilityViolations(page, '#dialog')).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('at 360 pixels nothing but tables is wider than the screen', async () => {
    const { page } = await openPage(browser, shown.url, { viewport: { width: 360, height: 740 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    const kill = await page.locator('[data-server="meta1"] [data-verb="kill"]').boundingBox();
    expect((kill?.x ?? 360) + (kill?.width ?? 0)).toBeLessThanOrEqual(360);
    await page.locator('#glossary summary').click();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.context().close();
  });

  test('a grid is one stop of the Tab key, and arrow keys move in it', async () => {
    const { page } = await openPage(browser, shown.url);
    expect(await page.locator('#grid-rows [tabindex="0"]').count()).toBe(1);
    await page.locator('#grid-rows [tabindex="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    const focused = page.locator('#grid-rows :focus');
    expect(await focused.getAttribute('title')).toBe('1.0 on replica2: secondary, ballot 3');
    await page.keyboard.press('Enter');
    expect(await page.locator('#event-partition').inputValue()).toBe('1.0');
    await page.context().close();
  });

  test('the event log is one stop of the Tab key as well', async () => {
    const { page } = await openPage(browser, shown.url);
    await page.locator('#event-partition').fill('2.0');
    const stops = page.locator('#events-rows [tabindex="0"]');
    expect(await stops.allTextContents()).toEqual(['2.0']);
    await stops.focus();
    await page.keyboard.press('ArrowRight');
    expect(await stops.allTextContents()).toEqual([
      'because of meta1: 127.0.0.1:34801 is dead: silent for 2.2 s',
    ]);
    await page.keyboard.press('Enter');
    expect(await page.locator('tr.event:focus').textContent()).toContain('node-dead');
    await page.context().close();
  });

  test('a partition is explained by the whole log, and not by its last events only', async () => {
    const { page } = await openPage(browser, shown.url);
    const old = {
      id: 'old',
      unixMs: 1,
      server: 'meta1',
      type: 'configuration-changed',
      text: '2.5 ballot 4',
    };
    shown.older.push({ ...old, partition: '2.5', cause: 'older' });
    await page.locator('tr[data-key="2.5"]').getByRole('button').click();
    const row = page.locator('tr.event');
    await row.getByText('because of an event that is not shown here any more (older)').waitFor();
    expect(await row.getByRole('button').allTextContents()).toEqual(['2.5']);
    expect(await page.locator('#no-events').isVisible()).toBe(false);
    await page.context().close();
  });

  test('a dialog gives the focus back to what opened it', async () => {
    const { page } = await openPage(browser, shown.url);
    const kill = page.locator('[data-server="replica2"] [data-verb="kill"]');
    await kill.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await page.locator('dialog :focus').textContent()).toBe('Cancel');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.locator('[data-server="replica2"] [data-verb="kill"]:focus').count()).toBe(1);
    expect(shown.actions.filter((action) => JSON.stringify(action).includes('replica2'))).toEqual([]);
    await page.context().close();
  });

  test('health is announced politely, and what comes and goes at once is not', async () => {
    const { page } = await openPage(browser, shown.url);
    const announcer = page.locator('#announcer');
    expect(await announcer.getAttribute('aria-live')).toBe('polite');
    const said = 'Cluster onebox is healthy: all is well';
    for (const reason of ['one', 'two', 'three']) shown.change({ cluster: { healthy: false, reason } });
    shown.change({ cluster: { healthy: true, reason: 'all is well' } });
    await announcer.getByText(said).waitFor();
    await page.context().close();
  });
});
