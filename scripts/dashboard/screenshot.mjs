// Makes docs/dashboard.png: a real cluster, broken on purpose, as its dashboard shows it. `npm run screenshot`, after `npm run build`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const root = new URL('../..', import.meta.url).pathname;
const home = mkdtempSync(join(tmpdir(), 'onebox-screenshot-'));
const portOffset = process.env['ONEBOX_TEST_PORT_OFFSET'] ?? '0';

function onebox(...words) {
  const env = { ...process.env, ONEBOX_HOME: home };
  return execFileSync(process.execPath, [join(root, 'bin/onebox'), ...words], {
    env,
    encoding: 'utf8',
  }).trim();
}

/** The steps of the story that the picture tells. */
async function play(page) {
  await page.locator('#health', { hasText: 'Healthy' }).waitFor();
  onebox('fault', 'delay', 'replica5', '--rpc', 'RPC_PREPARE', '--ms', '200', '--for', '10m');
  onebox('kill', 'replica2');
  await page.locator('#grid-head [data-dead]').waitFor();
  await page.locator('.event', { hasText: 'node-dead' }).first().waitFor();
  // What was on the dead node has found its way; the first partition that moved tells why.
  await page.locator('#grid-rows td[data-dead] .replica').first().waitFor({ state: 'detached' });
  await page.locator('.partition-row', { hasText: 'ballot 5' }).last().click();
  await page.locator('.because').first().waitFor();
  await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)');
  await page.mouse.move(0, 0);
  // The rows that have just changed fade.
  await page.evaluate('Promise.all(document.getAnimations().map((each) => each.finished))');
}

let browser;
try {
  onebox(
    'start',
    '-m',
    '3',
    '-r',
    '5',
    '-a',
    'users',
    '-p',
    '8',
    '--zookeeper',
    'embedded',
    '--port-offset',
    portOffset,
  );
  browser = await chromium.launch({
    executablePath: process.env['ONEBOX_CHROMIUM'] || '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const page = await browser.newPage({ viewport: { width: 1400, height: 1120 }, colorScheme: 'light' });
  page.setDefaultTimeout(30_000);
  await page.goto(onebox('dashboard'));
  await play(page);
  await page.screenshot({ path: join(root, 'docs/dashboard.png') });
} finally {
  await browser?.close();
  onebox('clear');
  rmSync(home, { recursive: true, force: true });
}
