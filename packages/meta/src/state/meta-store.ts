/**
 * The leader's metadata in ZooKeeper. Writes are fenced by the leader's lock node; while ZooKeeper is not reachable they
 * wait and are tried again every second, for ever (reference/cluster-behaviour.md 2.5). `FencedStore` is the real one.
 */
export interface MetaStore {
  /** Creates a persistent znode; one that is there with the same data is fine. */
  create(path: string, data: Buffer): Promise<void>;
  /** The same for many, parents before their children, hundreds in one request. */
  createMany(nodes: readonly { readonly path: string; readonly data: Buffer }[]): Promise<void>;
  set(path: string, data: Buffer): Promise<void>;
  /** Removes a znode without children; one that is gone is fine. */
  remove(path: string): Promise<void>;
  get(path: string): Promise<Buffer | undefined>;
  children(path: string): Promise<string[]>;
  /** Creates the path and its missing parents with empty data. */
  ensurePath(path: string): Promise<void>;
}
