import type { Browser } from 'playwright-core';
import { sampleState } from '../../packages/dashboard/test/sample-state';
import { accessibilityViolations, describeInChromium, openBrowser, openPage } from './support/chromium';
import { ShownState } from './support/shown-state';

let browser: Browser;
let shown: ShownState;

describeInChromium('a form', () => {
  beforeAll(async () => {
    browser = await openBrowser();
    shown = await ShownState.of(sampleState());
  });

  afterAll(async () => {
    await browser?.close();
    await shown?.close();
  });

  test('stays open until it was done, and says a refusal beside its field', async () => {
    const { page, errors } = await openPage(browser, shown.url);
    await page.getByRole('button', { name: 'New table…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('partitions').fill('16');
    shown.refusal = {
      ok: false,
      command: null,
      code: 'ERR_APP_EXIST',
      message: "'name' of 'app create' has to be another one",
      nextStep: 'Take one.',
      field: 'name',
    };
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await dialog.getByRole('alert').getByText('“name” has to be another one. Take one.').waitFor();
    const name = dialog.getByLabel('name');
    await dialog.locator('input[name="name"][aria-invalid="true"]:focus').waitFor();
    expect(await page.locator('#outcome').isVisible()).toBe(false);
    expect(await accessibilityViolations(page, '#dialog')).toEqual([]);
    expect(await dialog.getByLabel('partitions').inputValue()).toBe('16');
    await name.fill('orders');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    expect(shown.actions.at(-1)).toMatchObject({
      ...{ verb: 'app create', name: 'orders', partitions: 16, replicas: 3 },
    });
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('asks for nothing that cannot be, and shows no command for it', async () => {
    const { page } = await openPage(browser, shown.url);
    const before = shown.actions.length;
    await page.locator('[data-server="replica2"] [data-verb="more"]').click();
    const form = page.getByRole('form', { name: 'Break replica2' });
    const command = form.locator('code');
    await form.locator('select').selectOption('delay');
    for (const [label, wrong, right] of [
      ['for, s', '0', '10'],
      ['late by, ms', '1e303', '500'],
      ['late by, ms', '1.5', '500'],
      ['late by, ms', '', '500'],
      ['probability', '0', '0.5'],
      ['probability', '1.1', '1'],
      ['RPC', '--ms', 'RPC_PREPARE'],
    ] as const) {
      await form.getByLabel(label, { exact: true }).fill(wrong);
      expect([label, wrong, await command.isVisible()]).toEqual([label, wrong, false]);
      await form.getByRole('button', { name: 'Break it' }).click();
      await form.getByLabel(label, { exact: true }).fill(right);
      expect([label, right, await command.isVisible()]).toEqual([label, right, true]);
    }
    expect(shown.actions).toHaveLength(before);
    // What is hidden does not stand in the way.
    await form.getByLabel('late by, ms').fill('0');
    await form.locator('select').selectOption('pause');
    expect(await command.textContent()).toBe('onebox pause replica2 --for 10s');
    await form.getByRole('button', { name: 'Break it' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(shown.actions.at(-1)).toMatchObject({ verb: 'pause', instance: 'replica2', forMs: 10_000 });
    await page.context().close();
  });

  test('a name of 400 letters leaves the nodes in sight, and nothing is wider than the screen', async () => {
    const { page } = await openPage(browser, shown.url);
    const name = 'y'.repeat(400);
    shown.change({ cluster: { reason: name }, tables: { 2: { name } } });
    await page.locator(`#reason`, { hasText: name }).waitFor();
    const right = '#grid-head th.node:nth-last-child(2)';
    const seen = `(() => {
      const sight = document.querySelector('#grid-scroller').getBoundingClientRect();
      return document.querySelector('${right}').getBoundingClientRect().right <= sight.right;
    })()`;
    expect(await page.evaluate(seen)).toBe(true);
    expect(await page.locator('tr[data-key="2"] th button').getAttribute('title')).toContain(name);
    await page.locator('tr[data-key="2"]').getByRole('button', { name: 'Actions for table' }).click();
    expect(
      await page.evaluate(
        'document.querySelector("#dialog").scrollWidth <= document.querySelector("#dialog").clientWidth',
      ),
    ).toBe(true);
    shown.refusal = {
      ok: false,
      command: `onebox ${name}`,
      code: 'X',
      message: `${name} `.repeat(40),
      nextStep: null,
    };
    await page.getByRole('dialog').getByRole('button', { name: 'Drop', exact: true }).click();
    await page.getByRole('dialog').locator('[data-sure]').click();
    await page.locator('#outcome[data-outcome="refused"]').waitFor();
    const box = await page.locator('#outcome').boundingBox();
    expect([(box?.height ?? 0) <= 360, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([
      true,
      1280,
    ]);
    await page.context().close();
  });
});
