import type { LibraryStat } from 'node-zookeeper-client';

/** How a node is created. */
export type CreateMode = 'persistent' | 'ephemeral' | 'persistent-sequential' | 'ephemeral-sequential';

/** What ZooKeeper says about a node. */
export interface ZnodeStat {
  /** Counts the writes of its data, from 0. */
  readonly version: number;
  readonly dataLength: number;
  readonly childCount: number;
  /** Session id of its owner in hexadecimal, as {@link ZkSession.sessionIdHex}; undefined for a persistent node. */
  readonly ephemeralOwner: string | undefined;
  /** Real unix milliseconds. */
  readonly createdAtUnixMs: number;
  readonly modifiedAtUnixMs: number;
}

/** One operation of a multi: all of them happen, or none. */
export type ZkOp =
  | { readonly op: 'create'; readonly path: string; readonly data: Buffer; readonly mode?: CreateMode }
  | { readonly op: 'set'; readonly path: string; readonly data: Buffer; readonly version?: number }
  | { readonly op: 'remove'; readonly path: string; readonly version?: number }
  | { readonly op: 'check'; readonly path: string; readonly version?: number };

/** What fires when a watched node changes. A watch fires once at most; look again and leave a new one. */
export interface WatchEvent {
  readonly kind: 'created' | 'deleted' | 'changed' | 'children';
  readonly path: string;
}

/**
 * Called once when the node changes. After a reconnection it may also fire without a change, so what it says is "look
 * again"; only `deleted` is certain.
 */
export type WatchListener = (event: WatchEvent) => void;

const NO_OWNER = '0000000000000000';

export function toZnodeStat(stat: LibraryStat): ZnodeStat {
  const owner = stat.ephemeralOwner.toString('hex');
  return {
    version: stat.version,
    dataLength: stat.dataLength,
    childCount: stat.numChildren,
    ephemeralOwner: owner === NO_OWNER ? undefined : owner,
    createdAtUnixMs: Number(stat.ctime.readBigInt64BE()),
    modifiedAtUnixMs: Number(stat.mtime.readBigInt64BE()),
  };
}

/** Parent of a node's path; `/` is its own. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** Path of a child; `/` as parent gives `/name`. */
export function childPath(parent: string, name: string): string {
  return parent === '/' ? `/${name}` : `${parent}/${name}`;
}
