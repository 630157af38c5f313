import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '../../../../scripts/test/find-local-zookeeper.sh');

/**
 * Whether tests with Apache ZooKeeper of this machine run: ONEBOX_TEST_LOCAL_ZOOKEEPER=0 skips them and 1 makes them fail where
 * they cannot run; without it they run where it is, else one line says why not. `npm test` decides once for all files.
 */
function findLocalZooKeeper(): boolean {
  const wanted = process.env['ONEBOX_TEST_LOCAL_ZOOKEEPER'];
  if (wanted === '0' || wanted === '1') return wanted === '1';
  const { status, stdout, error } = spawnSync(SCRIPT, { encoding: 'utf8' });
  if (status === 0) return true;
  const why = error?.message ?? stdout.trim();
  process.stderr.write(`SKIPPED: the tests with Apache ZooKeeper, because ${why}\n`);
  return false;
}

/** False where the tests that need Apache ZooKeeper on this machine are skipped. */
export const hasLocalZooKeeper = findLocalZooKeeper();

/** A `describe` that is skipped, and counted so, where Apache ZooKeeper is not on this machine. */
export const describeWithLocalZooKeeper: typeof describe.skip = hasLocalZooKeeper ? describe : describe.skip;
