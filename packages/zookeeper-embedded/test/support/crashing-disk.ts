import type { Disk, DiskFile } from '../../src/journal/disk';

/** Gives a number from 0 to `below` - 1. */
export type Chance = (below: number) => number;

/** How the machine ends: only the process, so that everything it wrote is there, or all of it. */
export type CrashKind = 'process' | 'power';

interface Write {
  readonly position: number;
  readonly bytes: Buffer;
}

interface Inode {
  durable: Buffer;
  unsynced: Write[];
  content: Buffer;
}

type Names = Map<string, Inode>;

/**
 * A disk in memory that ends in the middle of any operation. What was synced stays. Of the rest a process that is killed
 * leaves everything it wrote; a machine that loses its power leaves any part of it, in any order.
 */
export class CrashingDisk implements Disk {
  readonly path = '/disk';
  private readonly names: Names = new Map();
  private durableNames: Names = new Map();
  private unsyncedNames: ((names: Names) => void)[] = [];
  private operations = 0;
  private crashAt = Infinity;
  /** Set: every write fails with this code. */
  failure: string | undefined;
  /** How often a file was made durable. */
  syncs = 0;

  constructor(private readonly chance: Chance = () => 0) {}

  /** Content of the files, by name. */
  static of(files: ReadonlyMap<string, Buffer>, chance?: Chance): CrashingDisk {
    const disk = new CrashingDisk(chance);
    for (const [name, content] of files) {
      const inode = { durable: Buffer.from(content), unsynced: [], content: Buffer.from(content) };
      disk.names.set(name, inode);
      disk.durableNames.set(name, inode);
    }
    return disk;
  }

  get files(): Map<string, Buffer> {
    return new Map([...this.names].map(([name, { content }]) => [name, content]));
  }

  get crashed(): boolean {
    return this.operations >= this.crashAt;
  }

  /** Ends in the middle of the operation that comes as the nth from now. */
  crashAfter(operations: number): void {
    this.crashAt = this.operations + operations;
  }

  /** The disk as the next server finds it. */
  afterCrash(kind: CrashKind): CrashingDisk {
    if (kind === 'process') return CrashingDisk.of(this.files, this.chance);
    const names = new Map(this.durableNames);
    for (const change of this.unsyncedNames) if (this.chance(2) === 0) change(names);
    const files = new Map([...names].map(([name, inode]) => [name, this.whatIsLeft(inode)]));
    return CrashingDisk.of(files, this.chance);
  }

  private whatIsLeft({ durable, unsynced }: Inode): Buffer {
    let content = durable;
    for (const write of unsynced) {
      const fate = this.chance(3);
      if (fate === 0) continue;
      const bytes = fate === 1 ? write.bytes : write.bytes.subarray(0, this.chance(write.bytes.length + 1));
      content = written(content, { ...write, bytes });
    }
    return content;
  }

  async list(): Promise<string[]> {
    return [...this.names.keys()];
  }

  async create(name: string): Promise<DiskFile> {
    if (this.names.has(name)) throw errno('EEXIST');
    const inode: Inode = { durable: Buffer.alloc(0), unsynced: [], content: Buffer.alloc(0) };
    this.change((names) => names.set(name, inode));
    return this.file(inode);
  }

  async open(name: string): Promise<DiskFile> {
    const inode = this.names.get(name);
    if (inode === undefined) throw errno('ENOENT');
    return this.file(inode);
  }

  async rename(from: string, to: string): Promise<void> {
    const inode = this.names.get(from);
    if (inode === undefined) throw errno('ENOENT');
    this.change((names) => {
      names.delete(from);
      names.set(to, inode);
    });
  }

  async remove(name: string): Promise<void> {
    this.change((names) => names.delete(name));
  }

  async sync(): Promise<void> {
    this.step();
    this.durableNames = new Map(this.names);
    this.unsyncedNames = [];
  }

  private change(change: (names: Names) => void): void {
    this.step();
    change(this.names);
    this.unsyncedNames.push(change);
  }

  /** @throws when this operation does not happen any more */
  private step(): void {
    if (this.failure !== undefined) throw errno(this.failure);
    if (this.crashed) throw errno('CRASHED');
    this.operations += 1;
    if (this.crashed) throw errno('CRASHED');
  }

  private file(inode: Inode): DiskFile {
    const change = (write: Write): void => {
      inode.unsynced.push(write);
      inode.content = written(inode.content, write);
    };
    return {
      size: async () => inode.content.length,
      read: async (into, position) => inode.content.copy(into, 0, position),
      write: async (bytes, position) => {
        const copy = Buffer.from(bytes);
        const wasAlive = !this.crashed;
        try {
          this.step();
        } catch (error) {
          // The operation it dies in has begun.
          if (wasAlive && this.crashed)
            change({ position, bytes: copy.subarray(0, this.chance(copy.length + 1)) });
          throw error;
        }
        change({ position, bytes: copy });
      },
      truncate: async (length) => {
        this.step();
        // A cut that a power failure undoes brings back what was cut, which is no different from not having cut yet.
        inode.content = inode.content.subarray(0, length);
        inode.durable = inode.durable.subarray(0, length);
        inode.unsynced = [];
      },
      sync: async () => {
        this.step();
        this.syncs += 1;
        inode.durable = inode.content;
        inode.unsynced = [];
      },
      close: async () => undefined,
    };
  }
}

function written(content: Buffer, { position, bytes }: Write): Buffer {
  const whole = Buffer.alloc(Math.max(content.length, position + bytes.length));
  content.copy(whole);
  bytes.copy(whole, position);
  return whole;
}

function errno(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code} of the disk in memory`), { code });
}
