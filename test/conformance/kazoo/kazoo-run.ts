import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What a scenario made of a server. */
export interface ScenarioResult {
  readonly scenario: string;
  readonly passed: boolean;
  /** When it failed, Python's traceback. */
  readonly saw: unknown;
}

/** Debian's python3-kazoo is the system python's, which need not be the first in PATH. */
const PYTHONS = ['python3', '/usr/bin/python3'];

/** A Python that has kazoo; undefined where there is none. */
export function findKazoo(): string | undefined {
  return PYTHONS.find((python) => spawnSync(python, ['-c', 'import kazoo']).status === 0);
}

/**
 * Plays scenarios.py to a server.
 *
 * @param restart called when a scenario wants the server to be restarted
 */
export async function runKazoo(
  python: string,
  hosts: string,
  restart: () => Promise<void>,
): Promise<readonly ScenarioResult[]> {
  const child = spawn(python, ['-B', join(__dirname, 'scenarios.py'), hosts], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const results: ScenarioResult[] = [];
  try {
    for await (const text of createInterface({ input: child.stdout })) {
      const line = JSON.parse(text) as ScenarioResult | { readonly please: 'restart' };
      if ('please' in line) {
        await restart();
        child.stdin.write('\n');
      } else results.push(line);
    }
    const code = await ended;
    if (code !== 0) throw new Error(`the scenarios of kazoo ended with ${code}`);
  } finally {
    child.kill('SIGKILL');
  }
  return results;
}
