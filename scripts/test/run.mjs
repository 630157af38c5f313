// The whole test suite in one command: first what lives beside its room, then what runs real clusters, then one closing line.
//   npm test                                  everything
//   npm test -- PATTERN… [-t NAME] …          only test files whose path matches; anything that Jest understands
// The closing line is `N passed, N failed[, N skipped]`. ONEBOX_TEST_SUMMARY names a file that gets it instead (.ci/run).
import { readdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { dockerForTests } from './docker-for-tests.mjs';
import { JestRun } from './jest-run.mjs';
import { localZooKeeperForTests } from './local-zookeeper-for-tests.mjs';
import { Playground } from './playground.mjs';

const root = new URL('../..', import.meta.url).pathname;
const words = process.argv.slice(2);
const MINUTE = 60_000;
/** Far above what the suites take: a bound, not a goal. The chaos runs as long as it is told. */
const ROOMS_WITHIN_MS = 15 * MINUTE;
const CLUSTERS_WITHIN_MS = 40 * MINUTE + Number(process.env['ONEBOX_CHAOS_SECONDS'] ?? '20') * 1000;

/** What runs on the embedded and on Apache ZooKeeper, but for those files whose clusters are on the embedded one by name. */
const TWICE = ['scenarios', 'lifecycle', 'chaos'];
const EMBEDDED_BY_NAME = ['scenarios/advertise', 'lifecycle/exec'];
const ON_APACHE_ZOOKEEPER = {
  ONEBOX_TEST_ZOOKEEPER: 'local',
  // The chaos has shown the most by then.
  ONEBOX_CHAOS_SECONDS: process.env['ONEBOX_CHAOS_SECONDS'] ?? '15',
};

let interrupted = false;
const total = { passed: 0, failed: 0, skipped: 0 };
const playground = new Playground();
const docker = dockerForTests();
const localZooKeeper = localZooKeeperForTests();
let current;

async function suite(name, args, withinMs, further = {}) {
  const env = { ...docker.env, ...localZooKeeper.env, ...playground.env, ...further };
  current = new JestRun({ root, name, args, withinMs, env, words });
  const counts = await current.finished;
  for (const key of Object.keys(total)) total[key] += counts[key];
  if (interrupted) return; // in the middle of a test: `close` takes away what it had
  await failFor(playground.processesLeft(), `the ${name} left processes behind`);
  await failFor(playground.filesLeft(), `the ${name} left files behind`);
}

async function failFor(finding, what) {
  const found = await finding;
  if (found.length === 0) return;
  console.error(`FAILED: ${what}:\n${found.map((line) => `  ${line}`).join('\n')}`);
  total.failed += 1;
}

function close() {
  for (const [what, { why }] of [
    ['Docker', docker],
    ['Apache ZooKeeper', localZooKeeper],
  ]) {
    if (why !== undefined && total.skipped > 0)
      console.error(`SKIPPED: the tests with ${what}, because ${why}`);
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  const line = `${total.passed} passed, ${total.failed} failed${skipped}`;
  const file = process.env['ONEBOX_TEST_SUMMARY'];
  if (file) writeFileSync(file, `${line}\n`);
  else console.log(line);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (interrupted) return;
    interrupted = true;
    console.error(`${signal}: taking everything away`);
    current?.kill();
  });
}

const built = spawnSync(process.execPath, [join(root, 'scripts/build/build.mjs')], { stdio: 'inherit' });
if (built.status !== 0) {
  console.error('FAILED: the build');
  total.failed += 1;
} else {
  // Ignoring instead of naming folders leaves the words of the command line their meaning.
  const only = (folder) => [
    '--testPathIgnorePatterns=/node_modules/',
    `--testPathIgnorePatterns=<rootDir>/${folder}/`,
  ];
  await suite('rooms', ['--maxWorkers=2', ...only('test')], ROOMS_WITHIN_MS);
  // A cluster that is up waits for timers most of the time: two at once use two cores well.
  if (!interrupted) await suite('clusters', ['--maxWorkers=2', ...only('packages')], CLUSTERS_WITHIN_MS);
  // Once more, on the other ZooKeeper (docs/testing.md), unless it was named.
  const twice = !process.env['ONEBOX_TEST_ZOOKEEPER'] && localZooKeeper.why === undefined;
  if (!interrupted && twice) {
    const rest = readdirSync(join(root, 'test')).filter((folder) => !TWICE.includes(folder));
    const args = [
      '--maxWorkers=2',
      ...only('packages'),
      ...rest.map((folder) => `--testPathIgnorePatterns=<rootDir>/test/${folder}/`),
      ...EMBEDDED_BY_NAME.map((file) => `--testPathIgnorePatterns=<rootDir>/test/${file}.test.ts`),
    ];
    await suite('clusters on Apache ZooKeeper', args, CLUSTERS_WITHIN_MS, ON_APACHE_ZOOKEEPER);
  }
}
if (interrupted || (total.passed === 0 && total.failed === 0)) {
  console.error(
    `FAILED: ${interrupted ? 'interrupted' : `no test ran${words.length > 0 ? ` for ${words.join(' ')}` : ''}`}`,
  );
  total.failed += 1;
}
await playground.close(docker.env);
close();
