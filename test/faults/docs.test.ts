import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OneboxError, until } from '@onebox/base';
import { PROJECT } from '../support/run-cli';
import { TestCluster } from '../support/test-cluster';
import { PageNames } from './support/page-names';
import { readSections, shownOf } from './support/page-examples';
import type { PageExample } from './support/page-examples';
import { typed } from './support/typed';

/**
 * Every command of docs/faults.md is run, in the order of the page: what it says must be what the page shows, apart from times, process
 * ids and which secondary was chosen. `ONEBOX_WRITE_DOCS=1` writes what they said this time into the page.
 */
const PAGE = join(PROJECT, 'docs/faults.md');
const SECTIONS = readSections(readFileSync(PAGE, 'utf8'));
const WRITES = process.env['ONEBOX_WRITE_DOCS'] === '1';

/** Real ms for what takes a session, a grace period or a restart, with what a loaded machine adds. */
const SHOWN_WITHIN_MS = 20_000;
/** They change nothing: what they say may take a moment. */
const READS = /^(?:curl|onebox (?:events|status|app list))\b/;

let cluster: TestCluster;
const written = new Map<PageExample, string>();
beforeAll(async () => {
  cluster = await TestCluster.create({ name: 'onebox' });
});
afterAll(async () => {
  await cluster.destroy();
  if (!WRITES) return;
  let page = readFileSync(PAGE, 'utf8');
  for (const [{ at }, shown] of [...written].reverse())
    page = page.slice(0, at[0]) + shown + page.slice(at[1]);
  writeFileSync(PAGE, page);
});
afterEach(async () => {
  await cluster.run('fault', 'clear');
  const { S, t } = cluster.timing;
  // One that learns only now that its session is over leaves, and is started again.
  await cluster.eventually(
    'every meta in the queue',
    async () => {
      if ((await cluster.electionOrder()).length === cluster.metas.length) return true;
      await cluster.cli(...cluster.startWords(), '--no-wait');
      return false;
    },
    2 * (S + t),
  );
  await cluster.start();
});

test('the page has ten situations', () => {
  expect(SECTIONS).toHaveLength(10);
});

test.each(SECTIONS)('$title', async ({ examples }) => {
  const names = await PageNames.of(cluster);
  for (const example of examples) {
    const { commands, shown } = example;
    for (const command of commands.slice(0, -1)) await typed(cluster, names, command);
    const last = commands.at(-1) ?? '';
    let answer = '';
    const asShown = async (): Promise<string | undefined> => {
      answer = await typed(cluster, names, last);
      return shown === undefined ? '' : shownOf(answer, shown);
    };
    const said = READS.test(last)
      ? await until(`the answer of ${last}`, asShown, { withinMs: SHOWN_WITHIN_MS, everyMs: 100 }).catch(
          timedOut,
        )
      : await asShown();
    // The comparison of texts shows where they differ.
    if (said === undefined) expect({ last, answer }).toEqual({ last, answer: shown });
    else if (shown !== undefined) written.set(example, said);
  }
});

function timedOut(error: unknown): undefined {
  if (error instanceof OneboxError && error.code === 'ONEBOX_TIMED_OUT') return undefined;
  throw error;
}
