import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { installationIn } from '@onebox/cluster';
import { installedAt } from '../../packages/cluster/src/api/installed';
import { processesNaming } from './processes';
import { PROJECT } from './run-cli';

/** How a program ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A home for clusters of the API, and programs that use it. */
export class ApiHome {
  readonly path = mkdtempSync(join(tmpdir(), 'ob-'));

  constructor() {
    // The sources are tested; the servers they start are the built ones.
    installedAt(installationIn(PROJECT));
  }

  /** Clusters and processes that are there now. */
  left(): readonly string[] {
    const processes = processesNaming(this.path).map(({ pid, command }) => `${pid} ${command}`);
    return [...readdirSync(this.path), ...processes];
  }

  /** Waits until nothing is there. The last will of a process is carried out after its end. */
  async untilNothingIsLeft(): Promise<void> {
    await until('the end of everything', () => this.left().length === 0, { withinMs: 5000 });
  }

  /** Runs `node words…` to its end, with this home in its environment. */
  node(words: readonly string[], onOutput?: (output: string, pid: number) => void): Promise<Ended> {
    return runNode(words, { ONEBOX_HOME: this.path }, onOutput);
  }

  /** Runs the text of an ES module, as a user of the package would have it. */
  async script(text: string, onOutput?: (output: string, pid: number) => void): Promise<Ended> {
    return this.node(scriptWords(text), onOutput);
  }

  destroy(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A user's ES module, as words for `runNode`. */
export function scriptWords(text: string): readonly string[] {
  return ['--input-type=module', '--eval', `import { Onebox } from 'pegasus-onebox';\n${text}`];
}

/** Runs `node words…` in this package to its end. */
export async function runNode(
  words: readonly string[],
  added: Readonly<Record<string, string>>,
  onOutput: (output: string, pid: number) => void = () => undefined,
): Promise<Ended> {
  // A test runner tells its tests by these that they are its own.
  const { NODE_TEST_CONTEXT: _context, JEST_WORKER_ID: _worker, NODE_ENV: _env, ...inherited } = process.env;
  const env = { ...inherited, ...added };
  const child = spawn(process.execPath, words, { cwd: PROJECT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const limit = setTimeout(() => child.kill('SIGKILL'), 90_000);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      onOutput(output, child.pid ?? 0);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({ code, output });
    });
  });
}
