import { type AclList, allows } from '../tree/acl';
import type { TreeListener } from '../tree/data-tree';
import type { NodeFacts } from '../tree/node';
import { Perm } from '../wire';
import { type WatchMode, WatchTable } from './watch-table';

/** What a watch event says (Watcher.Event.EventType). */
export const WatchEventType = { created: 1, deleted: 2, dataChanged: 3, childrenChanged: 4 } as const;
export type WatchEventType = (typeof WatchEventType)[keyof typeof WatchEventType];

/** Whoever has watches: a connection. Watches go with it, and a client sets them anew on its next one. */
export interface Watcher {
  notify(type: WatchEventType, path: string): void;
}

/** What a client says it watched before it lost its connection. */
export interface EarlierWatches {
  /** The last transaction it saw: what changed behind it, it is told now. */
  readonly relativeZxid: number;
  readonly data: readonly string[];
  readonly exist: readonly string[];
  readonly child: readonly string[];
  readonly persistent: readonly string[];
  readonly recursive: readonly string[];
}

/** Where the re-setting of watches looks what changed meanwhile. */
export interface ChangedNodes {
  node(path: string): (NodeFacts & { readonly mzxid: number; readonly pzxid: number }) | undefined;
}

/** The kinds that `checkWatches` and `removeWatches` name (Watcher.WatcherType). */
export const WatcherType = { children: 1, data: 2, any: 3 } as const;
export type WatcherType = (typeof WatcherType)[keyof typeof WatcherType];

/** Data watches (which wait for the creation of a node, too) and child watches, and who is told in which order. */
export class Watches implements TreeListener {
  private readonly data = new WatchTable<Watcher>();
  private readonly children = new WatchTable<Watcher>();

  get size(): number {
    return this.data.size + this.children.size;
  }

  watchData(path: string, watcher: Watcher): void {
    this.data.add(path, watcher);
  }

  watchChildren(path: string, watcher: Watcher): void {
    this.children.add(path, watcher);
  }

  /** A watch that stays. */
  watchAlways(path: string, watcher: Watcher, mode: Exclude<WatchMode, 'once'>): void {
    this.data.add(path, watcher, mode);
    this.children.add(path, watcher, mode);
  }

  created(path: string, acl: AclList): void {
    notifyAll(this.data.trigger(path, false), WatchEventType.created, path, acl);
  }

  /** Who watches both the node and its children is told once. */
  deleted(path: string, acl: AclList): void {
    const told = this.data.trigger(path, false);
    notifyAll(told, WatchEventType.deleted, path, acl);
    notifyAll(this.children.trigger(path, false), WatchEventType.deleted, path, acl, told);
  }

  dataChanged(path: string, acl: AclList): void {
    notifyAll(this.data.trigger(path, false), WatchEventType.dataChanged, path, acl);
  }

  childrenChanged(path: string, acl: AclList): void {
    notifyAll(this.children.trigger(path, true), WatchEventType.childrenChanged, path, acl);
  }

  /** Sets watches of an earlier connection again; what they would have told meanwhile is told at once instead. */
  setAgain(earlier: EarlierWatches, nodes: ChangedNodes, watcher: Watcher): void {
    for (const path of earlier.data) {
      const node = nodes.node(path);
      if (node === undefined) watcher.notify(WatchEventType.deleted, path);
      else if (node.mzxid > earlier.relativeZxid) watcher.notify(WatchEventType.dataChanged, path);
      else this.data.add(path, watcher);
    }
    for (const path of earlier.exist) {
      if (nodes.node(path) !== undefined) watcher.notify(WatchEventType.created, path);
      else this.data.add(path, watcher);
    }
    for (const path of earlier.child) {
      const node = nodes.node(path);
      if (node === undefined) watcher.notify(WatchEventType.deleted, path);
      else if (node.pzxid > earlier.relativeZxid) watcher.notify(WatchEventType.childrenChanged, path);
      else this.children.add(path, watcher);
    }
    for (const path of earlier.persistent) this.watchAlways(path, watcher, 'persistent');
    for (const path of earlier.recursive) this.watchAlways(path, watcher, 'recursive');
  }

  has(path: string, type: WatcherType): boolean {
    return this.tablesOf(type).some((table) => table.has(path));
  }

  /** Whether there was one to remove. */
  remove(path: string, type: WatcherType, watcher: Watcher): boolean {
    return this.tablesOf(type).filter((table) => table.remove(path, watcher)).length > 0;
  }

  /** Forgets a watcher that went away. */
  removeAll(watcher: Watcher): void {
    this.data.removeAll(watcher);
    this.children.removeAll(watcher);
  }

  private tablesOf(type: WatcherType): WatchTable<Watcher>[] {
    if (type === WatcherType.children) return [this.children];
    return type === WatcherType.data ? [this.data] : [this.children, this.data];
  }
}

/** A watch that nobody may be told of is used up all the same (CVE-2024-23944). */
function notifyAll(
  watchers: ReadonlySet<Watcher> | undefined,
  type: WatchEventType,
  path: string,
  acl: AclList,
  but?: ReadonlySet<Watcher>,
): void {
  if (watchers === undefined || !allows(acl, Perm.read)) return;
  for (const watcher of watchers) if (but?.has(watcher) !== true) watcher.notify(type, path);
}
