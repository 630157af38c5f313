import { spawnSync } from 'node:child_process';

const SCRIPT = new URL('find-local-zookeeper.sh', import.meta.url).pathname;

/**
 * Whether the tests with Apache ZooKeeper of this machine run, decided once for every test file: `env` is what tells them, `why`
 * is set when they are skipped. With ONEBOX_TEST_LOCAL_ZOOKEEPER=1 they have to run, and fail where they cannot; with 0 they
 * are skipped.
 */
export function localZooKeeperForTests() {
  const wanted = process.env['ONEBOX_TEST_LOCAL_ZOOKEEPER'];
  if (wanted === '0') return { env: {}, why: 'ONEBOX_TEST_LOCAL_ZOOKEEPER is 0' };
  if (wanted === '1') return { env: {} };
  const { status, stdout, error } = spawnSync(SCRIPT, { encoding: 'utf8' });
  if (status === 0) return { env: { ONEBOX_TEST_LOCAL_ZOOKEEPER: '1' } };
  return {
    env: { ONEBOX_TEST_LOCAL_ZOOKEEPER: '0' },
    why: stdout?.trim() || error?.message || 'it could not be found out',
  };
}
