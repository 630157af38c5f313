import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lookFor } from '../process-table/process-table';
import type { ProcessFacts, ProcessIdentity, ProcessTable } from '../process-table/process-table';
import { readIdentity } from './launch-script';

/** A process of the cluster that runs now. */
export interface LiveProcess {
  readonly name: string;
  readonly identity: ProcessIdentity;
  readonly facts: ProcessFacts;
}

/** The second line of a record. */
const ASKED = 'asked to end\n';

/**
 * Our own records of a cluster's processes: one file per name, written by the process itself as the first thing it does
 * (`launch-script.ts`), and compared with the machine's process table whenever they are read. No supervisor has to be
 * alive for it: pm2's daemon, when killed, forgets its children (design.md 8).
 */
export class ProcessRecords {
  constructor(
    private readonly directory: string,
    private readonly table: ProcessTable,
  ) {}

  /** Where a process of that name writes its identity. */
  fileOf(name: string): string {
    return join(this.directory, name);
  }

  /** Makes the directory, mode 0700. */
  prepare(): void {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
  }

  /** Whether a process of that name was ever started since its last `forget`. */
  has(name: string): boolean {
    return readIdentity(this.fileOf(name)) !== undefined;
  }

  /** The process of that name, if it runs; a pid that belongs to somebody else by now does not count. */
  live(name: string): LiveProcess | undefined {
    const identity = readIdentity(this.fileOf(name));
    const facts = identity === undefined ? undefined : lookFor(this.table, identity);
    return identity === undefined || facts === undefined ? undefined : { name, identity, facts };
  }

  /** Every process that runs. */
  allLive(): readonly LiveProcess[] {
    return this.names()
      .map((name) => this.live(name))
      .filter((found) => found !== undefined);
  }

  /** Every process that was started and not forgotten, whether it runs or not. */
  all(): readonly Pick<LiveProcess, 'name' | 'identity'>[] {
    return this.names().flatMap((name) => {
      const identity = readIdentity(this.fileOf(name));
      return identity === undefined ? [] : [{ name, identity }];
    });
  }

  /** Whether this very process runs. */
  isLive({ identity }: LiveProcess): boolean {
    return lookFor(this.table, identity) !== undefined;
  }

  /** Notes that somebody is about to ask this process to end: that it ends is then no news. */
  noteAsked({ name }: LiveProcess): void {
    try {
      if (!this.wasAsked(name)) appendFileSync(this.fileOf(name), ASKED);
    } catch {
      // A full disk must not keep a process running.
    }
  }

  /** Whether the process that was started last under this name was asked to end. */
  wasAsked(name: string): boolean {
    try {
      return readFileSync(this.fileOf(name), 'utf8').endsWith(ASKED);
    } catch {
      return false;
    }
  }

  forget(name: string): void {
    rmSync(this.fileOf(name), { force: true });
  }

  private names(): readonly string[] {
    try {
      return readdirSync(this.directory);
    } catch {
      return [];
    }
  }
}
