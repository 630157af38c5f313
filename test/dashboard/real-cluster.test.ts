import { isDeepStrictEqual } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { withCluster } from '../support/test-cluster';
import type { PartitionRow, TestCluster } from '../support/test-cluster';
import { describeInChromium, openBrowser, openPage } from './support/chromium';

let browser: Browser;

/** The partitions of the table `temp`, as the grid shows them; nodes by the address in their headings. */
const GRID = `(() => {
  const nodes = [...document.querySelectorAll('#grid-head .node')].map((th) => th.title.split(',')[0]);
  const table = [...document.querySelectorAll('tr.table-row')].find((row) => row.querySelector('th').textContent === 'temp');
  const rows = [...document.querySelectorAll('tr.partition-row')];
  return rows.filter((row) => row.dataset.key.startsWith(table.dataset.key + '.')).map((row) => {
    const cells = [...row.querySelectorAll('td.node')];
    const having = (letter) => nodes.filter((_, i) => cells[i].dataset.role === letter).sort();
    return {
      index: Number(row.dataset.key.split('.')[1]),
      ballot: Number(row.querySelector('td').textContent.replace('ballot ', '')),
      primary: having('P')[0] ?? '',
      secondaries: having('S'),
    };
  });
})()`;

type ShownPartition = Omit<PartitionRow, 'replicaCount'>;

/** Waits until the page shows of the table what the leader answers to `/meta/app`. */
function gridIsTrue(page: Page, cluster: TestCluster): Promise<readonly ShownPartition[]> {
  return cluster.eventually(
    'the grid shows what the leader says',
    async () => {
      const rows = (await cluster.partitions('temp')).map(({ replicaCount: _count, secondaries, ...row }) => {
        return { ...row, secondaries: [...secondaries].sort() };
      });
      return isDeepStrictEqual(await page.evaluate<unknown>(GRID), rows) ? rows : undefined;
    },
    10_000,
  );
}

/** Presses Tab until something has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

async function health(page: Page, word: string, reason: string): Promise<void> {
  await page.locator('#health', { hasText: new RegExp(`^${word}$`) }).waitFor();
  await page.locator('#reason', { hasText: reason }).waitFor();
}

function stateOf(page: Page, server: string, words: string): Promise<void> {
  return page.locator(`[data-server="${server}"] .state`, { hasText: words }).waitFor();
}

const deadColumn = (page: Page, cluster: TestCluster, replica: number) =>
  page.locator(`#grid-head th[title="${cluster.replica(replica)}, dead"]`).waitFor();

describeInChromium('the page of a cluster', () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });

  afterAll(() => browser?.close());

  test('shows a killed replica server, why ballots rose, and how it heals: with the mouse, then with the keyboard only', () =>
    withCluster({ metas: 2, replicas: 3, args: ['-a', 'temp', '-p', '4'] }, async (cluster) => {
      const { page, errors } = await openPage(browser, (await cluster.run('dashboard')).trim());
      await health(page, 'Healthy', 'have every replica they can have');
      const before = await gridIsTrue(page, cluster);
      const temp = await page.locator('tr.table-row', { hasText: 'temp' }).getAttribute('data-key');

      await page.locator('[data-server="replica1"] [data-verb="kill"]').click();
      const dialog = page.getByRole('dialog');
      expect(await dialog.locator('code').allTextContents()).toEqual([
        `onebox kill replica1 --name ${cluster.name}`,
      ]);
      await dialog.locator('[data-sure="kill"]').click();
      await stateOf(page, 'replica1', 'killed (SIGKILL)');
      await health(page, 'Unhealthy', 'replica1 does not run');
      await deadColumn(page, cluster, 1);
      await cluster.eventually(
        'no replica is on the dead node',
        async () =>
          (await gridIsTrue(page, cluster)).every((row) => !nodesOf(row).includes(cluster.replica(1))),
        cluster.timing.G,
      );
      const after = await gridIsTrue(page, cluster);
      expect(after.map(({ ballot }, i) => ballot > (before[i]?.ballot ?? Infinity))).toEqual(
        after.map(() => true),
      );

      // A partition that lost its primary says why.
      const lost = before.find(({ primary }) => primary === cluster.replica(1)) ?? before[0];
      await page.locator(`tr[data-key="${temp}.${lost?.index}"]`).click();
      expect(await page.locator('#event-partition').inputValue()).toBe(`${temp}.${lost?.index}`);
      await cluster.eventually(
        'the partition is described as it is now',
        async () => {
          const ballot = (await cluster.ballots('temp'))[lost?.index ?? 0];
          return (await page.locator('#partition-now').textContent())?.includes(`ballot ${ballot}, primary`);
        },
        5000,
      );
      await page.locator('.event', { hasText: 'node-dead' }).waitFor();
      await page.locator('.because', { hasText: 'dead' }).first().waitFor();

      await page.locator('[data-server="replica1"] [data-verb="start"]').click();
      await stateOf(page, 'replica1', 'running');
      await health(page, 'Healthy', 'have every replica they can have');
      await gridIsTrue(page, cluster);

      // Broken with the form, healed with a button.
      await page.locator('[data-server="replica3"] [data-verb="more"]').click();
      await dialog.getByRole('checkbox', { name: 'replica1' }).check();
      expect(await dialog.locator('form code').textContent()).toBe(
        `onebox fault cut replica3 --from replica1 --for 10s --name ${cluster.name}`,
      );
      await dialog.getByRole('button', { name: 'Break it' }).click();
      const fault = page.locator('#faults-rows tr', { hasText: 'replica3' });
      await fault.getByText(/^in \d+s$/).waitFor();
      expect(await page.locator('[data-server="replica3"] .faulty').textContent()).toBe('f1');
      await fault.getByRole('button', { name: 'Clear f1', exact: true }).click();
      await page.locator('#no-faults').waitFor();

      // Once more, with the keyboard only.
      await tabTo(page, '[data-server="replica2"] [data-verb="kill"]');
      await page.keyboard.press('Enter');
      await tabTo(page, 'dialog [data-sure="kill"]');
      await page.keyboard.press('Space');
      await stateOf(page, 'replica2', 'killed (SIGKILL)');
      await deadColumn(page, cluster, 2);
      await tabTo(page, '[data-server="replica2"] [data-verb="start"]');
      await page.keyboard.press('Enter');
      await stateOf(page, 'replica2', 'running');
      await health(page, 'Healthy', 'have every replica they can have');
      await gridIsTrue(page, cluster);
      await tabTo(page, '#event-partition');
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.press('Delete');
      await page.locator('.event', { hasText: 'kill replica2' }).first().waitFor();
      expect(errors).toEqual([]);
    }));
});

function nodesOf({ primary, secondaries }: ShownPartition): readonly string[] {
  return [primary, ...secondaries];
}
