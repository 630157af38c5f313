import { existsSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { PROJECT } from '../../support/run-cli';

/** Where distributions and installers put it; `ONEBOX_CHROMIUM` goes before. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const NEEDED =
  'tests that need Chromium, which is not on this machine (apt install chromium, or ONEBOX_CHROMIUM=PATH)';

/** @throws Error when there is none and `ONEBOX_TEST_CHROMIUM=1` says that there has to be one, as in CI, where a proof must not be left out */
export function findChromium(
  environment: NodeJS.ProcessEnv,
  places: readonly string[] = PLACES,
): string | undefined {
  const found = environment['ONEBOX_CHROMIUM'] || places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  if (environment['ONEBOX_TEST_CHROMIUM'] === '1') throw new Error(`ONEBOX_TEST_CHROMIUM=1: ${NEEDED}`);
  process.stderr.write(`SKIPPED: ${NEEDED}\n`);
  return undefined;
}

const EXECUTABLE = findChromium(process.env);

/** A `describe` that is skipped, and counted so, on machines without Chromium. */
export const describeInChromium = EXECUTABLE === undefined ? describe.skip : describe;

/** A browser without a window. Whoever opens it closes it. */
export function openBrowser(): Promise<Browser> {
  // The sandbox needs what containers, and root, do not give it; what is shown here is our own page.
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
  return chromium.launch({ executablePath: EXECUTABLE ?? '', args });
}

/** A page of its own profile. What the page throws fails the test that calls `noErrors`. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  await page.locator('body.ready').waitFor();
  return { page, errors };
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/**
 * What axe-core's rules (WCAG 2.2 A and AA, and its best practices) object to.
 *
 * @param part a selector; what is not in it is not looked at
 */
export async function accessibilityViolations(page: Page, part = 'html'): Promise<readonly string[]> {
  await page.evaluate(readFileSync(`${PROJECT}/node_modules/axe-core/axe.min.js`, 'utf8'));
  const { violations } = await page.evaluate<AxeResult>(`axe.run('${part}')`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
