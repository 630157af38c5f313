import type { MetaStore } from '../state/meta-store';
import type { TableInfo } from '../state/table';
import type { ZnodePaths } from '../state/znode-paths';
import { Duplication } from './duplication';
import type { DuplicationInfo } from './duplication';
import { parseDecree, parseDuplicationJson, writeDecree, writeDuplicationJson } from './duplication-json';
import { UNKNOWN_DECREE } from './partition-progress';

/** Duplications in ZooKeeper (reference/cluster-behaviour.md 2.2). Everything rejects as the store does. */
export class DuplicationStore {
  /** Partitions whose node a leader did not come to make, by path: upstream makes it with the first confirmed decree. */
  private readonly missing = new Set<string>();

  constructor(
    private readonly store: MetaStore,
    private readonly paths: ZnodePaths,
  ) {}

  /** All duplications of a table, by id. Names that are no ids are left alone, as upstream leaves them. */
  async load(table: TableInfo): Promise<Duplication[]> {
    const names = await this.store.children(this.paths.duplications(table.appId));
    const ids = names.filter((name) => /^[1-9]\d{0,9}$/.test(name)).map(Number);
    const loaded = await Promise.all(ids.sort((a, b) => a - b).map((dupId) => this.loadOne(table, dupId)));
    return loaded.filter((dup) => dup !== undefined);
  }

  /** Parents first: a leader that dies in between leaves partitions out, which then have no confirmed decree either. */
  async create(info: DuplicationInfo, partitionCount: number): Promise<void> {
    const { appId, dupId } = info;
    await this.store.createMany([
      { path: this.paths.duplications(appId), data: Buffer.alloc(0) },
      { path: this.paths.duplication(appId, dupId), data: writeDuplicationJson(info) },
      ...Array.from({ length: partitionCount }, (_unused, partitionIndex) => ({
        path: this.paths.duplicatedPartition({ appId, partitionIndex }, dupId),
        data: writeDecree(UNKNOWN_DECREE),
      })),
    ]);
  }

  async save(info: DuplicationInfo): Promise<void> {
    await this.store.set(this.paths.duplication(info.appId, info.dupId), writeDuplicationJson(info));
  }

  async saveDecree(info: DuplicationInfo, partitionIndex: number, decree: number): Promise<void> {
    const path = this.paths.duplicatedPartition({ appId: info.appId, partitionIndex }, info.dupId);
    if (this.missing.delete(path)) await this.store.create(path, writeDecree(decree));
    else await this.store.set(path, writeDecree(decree));
  }

  /** The mark comes first, so that a leader that dies in between leaves something that is known to be going. */
  async remove(info: DuplicationInfo): Promise<void> {
    const path = this.paths.duplication(info.appId, info.dupId);
    await this.store.set(path, writeDuplicationJson({ ...info, status: 'DS_REMOVED' }));
    await this.removeNodes(path);
  }

  private async removeNodes(path: string): Promise<void> {
    const partitions = await this.store.children(path);
    await Promise.all(partitions.map((name) => this.store.remove(`${path}/${name}`)));
    await this.store.remove(path);
  }

  private async loadOne(table: TableInfo, dupId: number): Promise<Duplication | undefined> {
    const { appId } = table;
    const path = this.paths.duplication(appId, dupId);
    const data = await this.store.get(path);
    if (data === undefined) return undefined;
    const info = parseDuplicationJson(path, table, dupId, data);
    if (info.status === 'DS_REMOVED') {
      await this.removeNodes(path);
      return undefined;
    }
    const indices = Array.from({ length: table.partitionCount }, (_unused, index) => index);
    const decrees = await Promise.all(
      indices.map(async (partitionIndex) => {
        const partition = this.paths.duplicatedPartition({ appId, partitionIndex }, dupId);
        const stored = await this.store.get(partition);
        if (stored === undefined) this.missing.add(partition);
        return parseDecree(stored);
      }),
    );
    return new Duplication(info, decrees);
  }
}
