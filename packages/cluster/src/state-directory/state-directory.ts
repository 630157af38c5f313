import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { OneboxError } from '@onebox/base';
import { UNFINISHED, writeAtomically } from '../atomic-file';
import { checkClusterName } from './cluster-name';
import { checkSocketPaths } from './socket-path';

/** Says that a directory was made by us, and may be deleted by us. */
const MARKER = '.pegasus-onebox';
const UNFINISHED_MARKER = /^\.pegasus-onebox\.\d+\.new$/;
const MARKER_TEXT = 'State of a Pegasus onebox cluster. `onebox clear` deletes this directory.\n';

/** Where clusters live: ONEBOX_HOME, else ~/.pegasus-onebox. */
export function oneboxHome(environment: NodeJS.ProcessEnv): string {
  const home = environment['ONEBOX_HOME'];
  return home === undefined || home === '' ? join(homedir(), '.pegasus-onebox') : resolve(home);
}

/** The directory `<home>/<name>` of one cluster, and where things are in it. */
export class StateDirectory {
  readonly path: string;

  /** @throws OneboxError ONEBOX_BAD_NAME, ONEBOX_PATH_TOO_LONG */
  constructor(
    readonly home: string,
    readonly name: string,
  ) {
    checkClusterName(name);
    this.path = join(home, name);
    checkSocketPaths(this.path);
  }

  get recordFile(): string {
    return join(this.path, 'record.json');
  }

  /** Identities of the processes: `ProcessRecords`. */
  get runDirectory(): string {
    return join(this.path, 'run');
  }

  get lockDirectory(): string {
    return join(this.path, 'lock');
  }

  get pm2Home(): string {
    return join(this.path, 'pm2');
  }

  instance(name: string): string {
    return join(this.path, name);
  }

  configFile(name: string): string {
    return join(this.path, name, 'config.ini');
  }

  controlSocket(name: string): string {
    return join(this.path, name, 'control.sock');
  }

  /** Standard output and error of the latest start. */
  outputFile(name: string): string {
    return join(this.path, name, 'result');
  }

  logDirectory(name: string): string {
    return join(this.path, name, 'log');
  }

  exists(): boolean {
    return existsSync(this.path);
  }

  /** Whether the directory is one of ours. */
  isOurs(): boolean {
    return isStateDirectory(this.path);
  }

  /**
   * Makes the directory, mode 0700, or takes the one that is there.
   * @throws OneboxError ONEBOX_FOREIGN_DIRECTORY when it holds something and is not ours
   */
  create(): void {
    mkdirSync(this.home, { recursive: true, mode: 0o700 });
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    if (this.isOurs()) return;
    if (!this.isBare()) throw this.foreign();
    try {
      writeAtomically(join(this.path, MARKER), MARKER_TEXT);
    } catch (error) {
      if (this.isBare()) rmSync(this.path, { recursive: true, force: true });
      throw error;
    }
  }

  /** Whether there is nothing in it, but what a start left that was killed before it could mark the directory. */
  private isBare(): boolean {
    return readdirSync(this.path).every((entry) => UNFINISHED_MARKER.test(entry));
  }

  createInstance(name: string): void {
    mkdirSync(this.instance(name), { recursive: true, mode: 0o700 });
  }

  /** Deletes everything; nothing happens when there is nothing. @throws OneboxError ONEBOX_FOREIGN_DIRECTORY */
  delete(): void {
    if (!this.exists()) return;
    if (!this.isOurs() && !this.isBare()) throw this.foreign();
    // The marker goes last, so that a deletion that was interrupted can be repeated.
    this.deleteAllBut(MARKER);
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Deletes what was a cluster, for whoever holds its lock and makes another one of it. */
  empty(): void {
    this.deleteAllBut(MARKER, basename(this.lockDirectory));
  }

  /** Removes files that a command was killed over, for whoever holds the lock: nobody else writes any. */
  removeUnfinished(): void {
    const entries = readdirSync(this.path, { withFileTypes: true });
    const directories = entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(this.path, name));
    for (const directory of [this.path, ...directories]) {
      for (const name of readdirSync(directory)) {
        if (UNFINISHED.test(name)) rmSync(join(directory, name), { force: true });
      }
    }
  }

  private deleteAllBut(...kept: readonly string[]): void {
    for (const entry of readdirSync(this.path)) {
      if (!kept.includes(entry)) rmSync(join(this.path, entry), { recursive: true, force: true });
    }
  }

  readText(file: string): string | undefined {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  private foreign(): OneboxError {
    return new OneboxError('ONEBOX_FOREIGN_DIRECTORY', `${this.path} exists and was not made by onebox`, {
      nextStep: 'Choose another --name or ONEBOX_HOME; it is neither used nor deleted.',
      data: { directory: this.path },
    });
  }
}

/** Whether a directory carries our marker. */
export function isStateDirectory(path: string): boolean {
  return existsSync(join(path, MARKER));
}

/** Names of the clusters that have a directory below a home, sorted. */
export function clusterNames(home: string): readonly string[] {
  let entries: readonly string[];
  try {
    entries = readdirSync(home);
  } catch {
    return [];
  }
  return entries.filter((name) => existsSync(join(home, name, MARKER))).sort();
}
