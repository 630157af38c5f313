import type { MetaStore } from '../../src/state/meta-store';

/** ZooKeeper as the leader sees it, in memory; it can be cut off, which makes reads and writes wait. */
export class MemoryStore implements MetaStore {
  /** Data by path. */
  readonly nodes = new Map<string, Buffer>();
  /** How often each node was written, its creation not counted: ZooKeeper's dataVersion. */
  readonly versions = new Map<string, number>();
  private waiting: (() => void)[] | undefined;
  private left: number | undefined;

  /** From now on nothing is answered, until {@link reconnect}. */
  disconnect(): void {
    this.waiting ??= [];
  }

  /** The next `count` requests are answered, then as after {@link disconnect}. */
  disconnectAfter(count: number): void {
    this.left = count;
  }

  /** Reachable again, for a new leader: what the old one waits for never happens, as its lock is gone. */
  fence(): void {
    this.left = undefined;
    this.waiting = undefined;
  }

  reconnect(): void {
    this.left = undefined;
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    for (const go of waiting) go();
  }

  text(path: string): string | undefined {
    return this.nodes.get(path)?.toString();
  }

  async create(path: string, data: Buffer): Promise<void> {
    await this.reached();
    const there = this.nodes.get(path);
    if (there !== undefined && !there.equals(data)) throw new Error(`${path} exists`);
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (parent !== '' && !this.nodes.has(parent)) throw new Error(`${path} has no parent`);
    this.nodes.set(path, data);
    this.versions.set(path, 0);
  }

  async createMany(nodes: readonly { readonly path: string; readonly data: Buffer }[]): Promise<void> {
    for (const { path, data } of nodes) await this.create(path, data);
  }

  async set(path: string, data: Buffer): Promise<void> {
    await this.reached();
    if (!this.nodes.has(path)) throw new Error(`there is no ${path}`);
    this.nodes.set(path, data);
    this.versions.set(path, (this.versions.get(path) ?? 0) + 1);
  }

  async remove(path: string): Promise<void> {
    await this.reached();
    if ([...this.nodes.keys()].some((known) => known.startsWith(`${path}/`)))
      throw new Error(`${path} has children`);
    this.nodes.delete(path);
    this.versions.delete(path);
  }

  async get(path: string): Promise<Buffer | undefined> {
    await this.reached();
    return this.nodes.get(path);
  }

  async children(path: string): Promise<string[]> {
    await this.reached();
    return [...this.nodes.keys()]
      .filter((known) => known.startsWith(`${path}/`) && !known.slice(path.length + 1).includes('/'))
      .map((known) => known.slice(path.length + 1));
  }

  async ensurePath(path: string): Promise<void> {
    await this.reached();
    const names = path.split('/').slice(1);
    names.forEach((_name, index) => {
      const part = `/${names.slice(0, index + 1).join('/')}`;
      if (!this.nodes.has(part)) this.nodes.set(part, Buffer.alloc(0));
    });
  }

  private async reached(): Promise<void> {
    if (this.left !== undefined) {
      if (this.left === 0) this.disconnect();
      else this.left -= 1;
    }
    while (this.waiting !== undefined) {
      const { waiting } = this;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    await Promise.resolve();
  }
}
