import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFakeServer, buildProgram } from '../../../cluster/test/support/build-program';

const PROJECT = join(__dirname, '../../../..');

/** What the command needs besides its bundles. The embedded ZooKeeper is that of the last build. */
const FILES = [
  'package.json',
  'onebox.ini',
  'docker-compose.yml',
  'bin/onebox',
  'bin/zookeeper_embedded',
  'bin/bundle.cjs',
];

export interface CliResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The installed product with the real command and fake servers (packages/cluster/test/support/fake-server.ts). */
export class FakeProduct {
  readonly home = mkdtempSync(join(tmpdir(), 'obt-'));

  private constructor(private readonly root: string) {}

  static async create(): Promise<FakeProduct> {
    const root = mkdtempSync(join(tmpdir(), 'obt-'));
    for (const directory of ['bin', 'dist']) mkdirSync(join(root, directory));
    for (const file of FILES) {
      copyFileSync(join(PROJECT, file), join(root, file));
    }
    symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'));
    symlinkSync(join(PROJECT, 'dist/zookeeper.js'), join(root, 'dist/zookeeper.js'));
    await Promise.all([
      buildFakeServer(join(root, 'bin/pegasus_server')),
      buildProgram('packages/cli/src/main.ts', join(root, 'dist/cli.js')),
    ]);
    const product = new FakeProduct(root);
    product.misbehave({});
    return product;
  }

  misbehave(wrong: Readonly<Record<string, unknown>>): void {
    writeFileSync(join(this.root, 'bin/wrong.json'), JSON.stringify(wrong));
  }

  spawn(...words: readonly string[]): ChildProcess {
    return spawn(process.execPath, [join(this.root, 'bin/onebox'), ...words], {
      env: { ...process.env, ONEBOX_HOME: this.home, ONEBOX_NAME: 'box' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs a line of a shell in which the command is called `onebox`, as a person would type it. */
  shell(line: string): Promise<CliResult> {
    const path = join(this.root, 'path');
    mkdirSync(path, { recursive: true });
    const program = [process.execPath, join(this.root, 'bin/onebox')].join(' ');
    writeFileSync(join(path, 'onebox'), `#!/bin/sh\nexec ${program} "$@"\n`, { mode: 0o755 });
    const env = {
      ...process.env,
      ONEBOX_HOME: this.home,
      ONEBOX_NAME: 'box',
      PATH: `${path}:${process.env['PATH'] ?? ''}`,
    };
    return endOf(spawn('/bin/sh', ['-c', line], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  run(...words: readonly string[]): Promise<CliResult> {
    return endOf(this.spawn(...words));
  }

  /** What the command said, with what differs from run to run masked: how many were alive in between, for example. */
  masked(text: string): string {
    return text
      .replace(/^replica servers alive: [01] of 2\n/gm, '')
      .replaceAll(this.home, 'HOME')
      .replace(/after \d+\.\d s/g, 'after N s');
  }

  /** Socket files and pm2's pid file below the home. */
  leftovers(): readonly string[] {
    return (readdirSync(this.home, { recursive: true }) as string[]).filter((name) =>
      /\.(sock|pid)$/.test(name),
    );
  }

  async destroy(): Promise<void> {
    await this.run('clear');
    rmSync(this.home, { recursive: true, force: true });
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function endOf(child: ChildProcess): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
