/** When a watch goes: with its first event, never, or never and for everything below as well (AddWatchMode). */
export type WatchMode = 'once' | 'persistent' | 'recursive';

/** Who watches which paths, for one kind of watches. `W` is whoever is told. */
export class WatchTable<W> {
  private readonly watchers = new Map<string, Map<W, WatchMode>>();
  private readonly paths = new Map<W, Set<string>>();
  private recursive = 0;

  /** Watches there are. */
  get size(): number {
    let size = 0;
    for (const watchers of this.watchers.values()) size += watchers.size;
    return size;
  }

  add(path: string, watcher: W, mode: WatchMode = 'once'): void {
    let watchers = this.watchers.get(path);
    if (watchers === undefined) this.watchers.set(path, (watchers = new Map<W, WatchMode>()));
    const before = watchers.get(watcher);
    watchers.set(watcher, mode);
    this.recursive += Number(mode === 'recursive') - Number(before === 'recursive');
    const paths = this.paths.get(watcher);
    if (paths === undefined) this.paths.set(watcher, new Set([path]));
    else paths.add(path);
  }

  /** Who is to be told of an event at a path; one-shot watches are gone with it. */
  trigger(path: string, childrenChanged: boolean): ReadonlySet<W> | undefined {
    const watchers = this.watchers.get(path);
    if (watchers === undefined && this.recursive === 0) return undefined;
    const told = new Set<W>();
    for (const [watcher, mode] of watchers ?? []) {
      if (mode !== 'recursive') told.add(watcher);
      else if (!childrenChanged) told.add(watcher);
      if (mode === 'once') this.remove(path, watcher);
    }
    if (this.recursive > 0 && !childrenChanged) this.addRecursive(path, told);
    return told;
  }

  /** Whether anybody watches the path: the real server, asked whether one client does, answers this. */
  has(path: string): boolean {
    return this.watchers.has(path);
  }

  /** Whether there was a watch to remove. */
  remove(path: string, watcher: W): boolean {
    const watchers = this.watchers.get(path);
    const mode = watchers?.get(watcher);
    if (watchers === undefined || mode === undefined) return false;
    watchers.delete(watcher);
    if (watchers.size === 0) this.watchers.delete(path);
    if (mode === 'recursive') this.recursive -= 1;
    const paths = this.paths.get(watcher);
    paths?.delete(path);
    if (paths?.size === 0) this.paths.delete(watcher);
    return true;
  }

  /** Forgets a watcher that went away. */
  removeAll(watcher: W): void {
    for (const path of [...(this.paths.get(watcher) ?? [])]) this.remove(path, watcher);
  }

  private addRecursive(path: string, told: Set<W>): void {
    for (let at = path; at !== '/';) {
      at = at.slice(0, at.lastIndexOf('/')) || '/';
      for (const [watcher, mode] of this.watchers.get(at) ?? []) if (mode === 'recursive') told.add(watcher);
    }
  }
}
