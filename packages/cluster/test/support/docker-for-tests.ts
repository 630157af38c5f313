import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '../../../../scripts/test-image/find-docker.sh');

/** The image of the ZooKeeper containers of the tests, or why there can be none. */
export type DockerForTests = { readonly image: string } | { readonly why: string };

/**
 * Whether tests with Docker run: ONEBOX_TEST_DOCKER=0 skips them and 1 makes them fail where they cannot run; without it they
 * run when an engine answers and has an image, else one line says why not. `npm test` decides once for all files.
 */
function findDocker(): DockerForTests {
  const wanted = process.env['ONEBOX_TEST_DOCKER'];
  if (wanted === '0') return { why: 'ONEBOX_TEST_DOCKER is 0' };
  const { status, stdout, error } = spawnSync(SCRIPT, { encoding: 'utf8' });
  if (status === 0) return { image: stdout.trim() };
  const why = error?.message ?? stdout.trim();
  if (wanted === '1') throw new Error(`ONEBOX_TEST_DOCKER is 1, but ${why}`);
  process.stderr.write(`SKIPPED: the tests with Docker, because ${why}\n`);
  return { why };
}

export const dockerForTests = findDocker();

/** A `describe` that is skipped, and counted so, where Docker cannot be had. */
export function describeWithDocker(name: string, define: (image: string) => void): void {
  if ('image' in dockerForTests) describe(name, () => define(dockerForTests.image));
  else describe.skip(name, () => define(''));
}
