import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One run of Jest as a process of its own, with a bound. `finished` gives what it counted, and never rejects. */
export class JestRun {
  constructor({ root, name, args, words, env, withinMs }) {
    this.name = name;
    this.directory = mkdtempSync(join(tmpdir(), 'onebox-jest-'));
    // A file filter may leave one of the runs without a test; without one, nothing to run is a failure.
    this.mayBeEmpty = words.length > 0;
    // Words first: an option that takes many values would swallow them.
    const order = `--testSequencer=${join(root, 'scripts/test/longest-first.mjs')}`;
    const results = ['--ci', '--json', `--outputFile=${this.results}`, '--passWithNoTests'];
    const all = [...words, ...args, order, ...results];
    // Jest's cache is no test's file: it stays, while the directory for temporary files is the tests' own.
    const cache = `--cacheDirectory=${join(root, 'node_modules/.cache/jest')}`;
    this.child = spawn(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...all, cache], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    this.finished = this.end(withinMs);
  }

  get results() {
    return join(this.directory, 'results.json');
  }

  kill() {
    this.child.kill('SIGKILL');
  }

  async end(withinMs) {
    const limit = setTimeout(() => {
      console.error(`FAILED: the ${this.name} did not end within ${withinMs / 1000} s`);
      this.kill();
    }, withinMs);
    const code = await new Promise((resolve) => {
      this.child.on('error', () => resolve(1));
      this.child.on('exit', (status) => resolve(status ?? 1));
    });
    clearTimeout(limit);
    const counts = this.count(code);
    rmSync(this.directory, { recursive: true, force: true });
    return counts;
  }

  count(code) {
    let jest;
    try {
      jest = JSON.parse(readFileSync(this.results, 'utf8'));
    } catch {
      console.error(`FAILED: Jest ended with ${code} and without results for the ${this.name}`);
      return { passed: 0, failed: 1, skipped: 0 };
    }
    // A file that could not even be loaded has no failed test: it counts as one.
    let failed = jest.numFailedTests + jest.numRuntimeErrorTestSuites;
    if (jest.numTotalTests === 0 && !this.mayBeEmpty) {
      console.error(`FAILED: there is no test for the ${this.name}`);
      failed += 1;
    } else if (failed === 0 && (code !== 0 || jest.wasInterrupted)) {
      console.error(`FAILED: Jest ended with ${code} for the ${this.name}`);
      failed = 1;
    }
    return { passed: jest.numPassedTests, failed, skipped: jest.numPendingTests + jest.numTodoTests };
  }
}
