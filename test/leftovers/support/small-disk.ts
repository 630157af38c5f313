import { execFile, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../../support/run-cli';
import type { CliResult } from '../../support/run-cli';
import type { Place } from './place';

/** A mount of one's own, seen by nobody else, that goes with the process (unshare(1)); root or user namespaces are needed. */
const MOUNT = 'mount -t tmpfs -o size=512k tmpfs "$0" && echo mounted && exec cat';

/** Why there can be no small disk here; undefined when there can be. */
export function whyNoSmallDisk(): string | undefined {
  const { status, stderr, error } = spawnSync('unshare', ['-rm', 'sh', '-c', MOUNT, '/mnt'], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

/** A disk of half a megabyte that is a place's ONEBOX_HOME, for commands that are run on it. */
export class SmallDisk {
  private constructor(
    private readonly place: Place,
    private readonly holder: ChildProcess,
  ) {}

  static async under(place: Place): Promise<SmallDisk> {
    mkdirSync(place.onebox);
    const holder = spawn('unshare', ['-rm', 'sh', '-c', MOUNT, place.onebox], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    await new Promise((resolve, reject) => {
      holder.once('error', reject);
      holder.stdout.once('data', resolve);
      holder.once('exit', () => reject(new Error('the disk was not mounted')));
    });
    place.forgiveProcess(holder.pid ?? 0);
    return new SmallDisk(place, holder);
  }

  /** Runs the public command where the disk is seen. */
  cli(...words: readonly string[]): Promise<CliResult> {
    const enter = ['--target', String(this.holder.pid), '--user', '--mount', '--preserve-credentials'];
    const command = [process.execPath, join(PROJECT, 'bin/onebox'), ...words];
    return new Promise((resolve) => {
      const env = { ...process.env, ...this.place.env };
      execFile('nsenter', [...enter, ...command], { env, timeout: 40_000 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      });
    });
  }

  /** Leaves so many bytes free. */
  fill(leaving: number): void {
    const { bavail, bsize } = statfsSync(this.directory);
    appendFileSync(join(this.directory, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - leaving)));
  }

  /** What is on it, but for what fills it. */
  entries(): readonly string[] {
    return readdirSync(this.directory).filter((name) => name !== 'ballast');
  }

  /** Idempotent. */
  close(): void {
    this.holder.kill('SIGKILL');
  }

  /** How it is seen from outside. */
  private get directory(): string {
    return `/proc/${this.holder.pid}/root${this.place.onebox}`;
  }
}
