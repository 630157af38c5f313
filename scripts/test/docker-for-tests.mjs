import { spawnSync } from 'node:child_process';

const SCRIPT = new URL('../test-image/find-docker.sh', import.meta.url).pathname;

/**
 * Whether the tests with Docker run, decided once for every test file: `env` is what tells them, `why` is set when they are
 * skipped. With ONEBOX_TEST_DOCKER=1 they have to run, and fail where they cannot; with 0 they are skipped.
 */
export function dockerForTests() {
  const wanted = process.env['ONEBOX_TEST_DOCKER'];
  if (wanted === '0') return { env: {}, why: 'ONEBOX_TEST_DOCKER is 0' };
  if (wanted === '1') return { env: {} };
  const { status, stdout, error } = spawnSync(SCRIPT, { encoding: 'utf8' });
  const said = stdout?.trim() || error?.message || 'it could not be found out';
  return status === 0
    ? { env: { ONEBOX_TEST_DOCKER: '1', ONEBOX_TEST_ZOOKEEPER_IMAGE: said } }
    : { env: { ONEBOX_TEST_DOCKER: '0' }, why: said };
}
