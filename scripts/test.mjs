// The whole test suite in one command: first what lives beside its room, then what runs real clusters, then one closing line.
//   npm test                        everything
//   npm test -- PATTERN…            only test files whose path matches
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const patterns = process.argv.slice(2);
const results = mkdtempSync(join(tmpdir(), 'onebox-test-'));

/** Runs a program to its end with our own terminal, and gives its exit code. */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** One run of Jest. Clusters share two cores at most with each other, so the suites that start them run one by one. */
async function suite(name, paths, extra) {
  const outputFile = join(results, `${name}.json`);
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const args = [jest, '--json', '--outputFile', outputFile, '--passWithNoTests', ...extra];
  const code = await run(process.execPath, [...args, ...(patterns.length > 0 ? patterns : paths)]);
  try {
    const {
      numPassedTests,
      numFailedTests,
      numFailedTestSuites,
      numPendingTests,
      numRuntimeErrorTestSuites,
    } = JSON.parse(readFileSync(outputFile, 'utf8'));
    // A suite that could not even be loaded has no failed test: it counts as one.
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return {
      passed: numPassedTests,
      failed: failed || (code !== 0 ? Math.max(1, numFailedTestSuites) : 0),
      skipped: numPendingTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const total = { passed: 0, failed: 0, skipped: 0 };
if ((await run(process.execPath, [join(root, 'scripts/build/build.mjs')])) !== 0) total.failed += 1;
else {
  const rooms = await suite(
    'rooms',
    ['packages/'],
    ['--maxWorkers=2', '--testPathIgnorePatterns', '/node_modules/', '<rootDir>/test/'],
  );
  const clusters = await suite(
    'clusters',
    ['test/'],
    ['--runInBand', '--testPathIgnorePatterns', '/node_modules/', '<rootDir>/packages/'],
  );
  for (const key of Object.keys(total)) total[key] = rooms[key] + clusters[key];
}
rmSync(results, { recursive: true, force: true });
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
