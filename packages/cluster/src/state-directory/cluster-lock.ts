import { existsSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { OneboxError } from '@onebox/base';
import { lookFor, ownIdentity } from '../process-table/process-table';
import type { ProcessIdentity, ProcessTable } from '../process-table/process-table';

/** Who holds the lock: the one who wrote the file with the highest number, unless it says that it is free again. */
type Holder = { readonly free: true } | (ProcessIdentity & { readonly free: false; readonly doing: string });

const LOOK_EVERY_MS = 15;

/**
 * One command at a time changes a cluster. The lock is a directory of numbered files. They are symbolic links, whose text
 * says who holds it: a link is made with its text in one step, also where the disk is full, and a full disk is no reason not
 * to stop a cluster. The lock is taken by making the file one above the highest, which only one can do, and only when the
 * highest is free or its writer is dead; it is given back by writing "free" into it. The highest file is never removed and no
 * number is used twice, so a command that looked a long time ago cannot take what somebody else took meanwhile: its file is
 * not the highest, and it notices.
 */
export class ClusterLock {
  private held: string | undefined;

  constructor(
    private readonly directory: string,
    private readonly table: ProcessTable,
  ) {}

  /**
   * Takes the lock, waiting for a command that holds it.
   *
   * @param doing what this command does, for the message of one that waits in vain
   * @throws OneboxError ONEBOX_BUSY after `withinMs`, naming who holds it; ONEBOX_CLEARED when the cluster's directory
   * was deleted, possibly while this waited
   */
  async take(doing: string, withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const holder = this.tryTakeIfThere(doing);
      if (holder === undefined) return;
      if (performance.now() >= deadline) {
        throw new OneboxError('ONEBOX_BUSY', `another command (pid ${holder.pid}) is busy: ${holder.doing}`, {
          nextStep: 'Wait until it is done.',
          data: { pid: holder.pid, doing: holder.doing },
        });
      }
      await new Promise<void>((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** Idempotent. The directory may have been deleted under it, by `clear`. */
  release(): void {
    const { held } = this;
    this.held = undefined;
    if (held === undefined) return;
    try {
      const unfinished = `${held}.${process.pid}.new`;
      symlinkSync(JSON.stringify({ free: true }), unfinished);
      renameSync(unfinished, held);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  /** Who holds it, dead or not; undefined when it is free. Changes nothing. */
  holder(): (ProcessIdentity & { readonly doing: string }) | undefined {
    if (!existsSync(this.directory)) return undefined;
    const holder = this.holderOf(this.highest());
    return holder.free ? undefined : holder;
  }

  private tryTakeIfThere(doing: string): (ProcessIdentity & { readonly doing: string }) | undefined {
    try {
      return this.tryTake(doing);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new OneboxError('ONEBOX_CLEARED', 'the cluster was deleted by another command', {
        nextStep: '`onebox start` creates it again.',
        cause: error,
      });
    }
  }

  /** Undefined when it was taken, else who holds it. */
  private tryTake(doing: string): (ProcessIdentity & { readonly doing: string }) | undefined {
    makeDirectory(this.directory);
    const highest = this.highest();
    const holder = this.holderOf(highest);
    if (!holder.free && lookFor(this.table, holder) !== undefined) return holder;
    const own = this.fileOf(highest + 1);
    if (!this.make(own, { free: false, doing, ...ownIdentity(this.table) }) || this.highest() > highest + 1) {
      return this.tryTake(doing);
    }
    this.held = own;
    for (const number of this.numbers()) {
      if (number <= highest) rmSync(this.fileOf(number), { force: true });
    }
    return undefined;
  }

  /** Makes the file with its content in one step; false when somebody else made it first. */
  private make(file: string, holder: Holder): boolean {
    try {
      symlinkSync(JSON.stringify(holder), file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  private holderOf(number: number): Holder {
    try {
      return JSON.parse(readlinkSync(this.fileOf(number))) as Holder;
    } catch {
      // Nobody ever took it, or it was removed because a higher one exists: making the next one will tell.
      return { free: true };
    }
  }

  private highest(): number {
    return Math.max(0, ...this.numbers());
  }

  private numbers(): readonly number[] {
    return readdirSync(this.directory)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  }

  private fileOf(number: number): string {
    return join(this.directory, String(number));
  }
}

/** Not recursive: a cluster that was cleared must not come back as an empty directory. */
function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
