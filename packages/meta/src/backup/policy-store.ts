import { OneboxError } from '@onebox/base';
import { eachLimited } from '../state/each-limited';
import { stored } from '../tables/table-operations';
import type { BackupParts } from './backup-parts';
import type { Backup, Policy } from './policy';
import { parseBackupJson, parsePolicyJson, writeBackupJson, writePolicyJson } from './policy-json';

const AT_ONCE = 16;

export interface StoredPolicy {
  readonly policy: Policy;
  /** In the order of their ids. */
  readonly backups: readonly Backup[];
}

/** Policies and their runs in ZooKeeper (reference/cluster-behaviour.md 2.2). A write that fails for good ends the leader. */
export class PolicyStore {
  constructor(private readonly parts: Pick<BackupParts, 'store' | 'paths' | 'fatal'>) {}

  /** Everything, in name order. @throws OneboxError ONEBOX_BAD_ZNODE */
  async load(): Promise<StoredPolicy[]> {
    const { store, paths } = this.parts;
    await store.ensurePath(paths.backup);
    const names = (await store.children(paths.backup)).sort();
    return eachLimited(names, AT_ONCE, async (name) => {
      const path = paths.backupPolicy(name);
      const policy = parsePolicyJson(path, name, await this.read(path));
      const ids = (await store.children(path)).map((child) => backupId(path, child)).sort((a, b) => a - b);
      const backups = await eachLimited(ids, AT_ONCE, async (id) => {
        const backupPath = paths.backupOf(name, id);
        return parseBackupJson(backupPath, id, await this.read(backupPath));
      });
      return { policy, backups };
    });
  }

  create(policy: Policy): Promise<void> {
    const { store, paths } = this.parts;
    return this.write(policy, () => store.create(paths.backupPolicy(policy.name), writePolicyJson(policy)));
  }

  update(policy: Policy): Promise<void> {
    const { store, paths } = this.parts;
    return this.write(policy, () => store.set(paths.backupPolicy(policy.name), writePolicyJson(policy)));
  }

  createBackup(policy: Policy, backup: Backup): Promise<void> {
    const { store, paths } = this.parts;
    return this.write(policy, () =>
      store.create(paths.backupOf(policy.name, backup.id), writeBackupJson(backup)),
    );
  }

  updateBackup(policy: Policy, backup: Backup): Promise<void> {
    const { store, paths } = this.parts;
    return this.write(policy, () =>
      store.set(paths.backupOf(policy.name, backup.id), writeBackupJson(backup)),
    );
  }

  removeBackup(policy: Policy, backup: Backup): Promise<void> {
    const { store, paths } = this.parts;
    return this.write(policy, () => store.remove(paths.backupOf(policy.name, backup.id)));
  }

  private async read(path: string): Promise<Buffer> {
    const data = await this.parts.store.get(path);
    if (data !== undefined) return data;
    throw new OneboxError('ONEBOX_BAD_ZNODE', `${path} vanished while it was read`, { data: { path } });
  }

  private write({ name }: Policy, work: () => Promise<void>): Promise<void> {
    return stored(this.parts, `backup policy ${name}`, work);
  }
}

function backupId(path: string, name: string): number {
  if (/^[1-9]\d{0,15}$/.test(name)) return Number(name);
  throw new OneboxError('ONEBOX_BAD_ZNODE', `${path}/${name} is not the id of a backup`, {
    nextStep: 'Delete the znode.',
    data: { path: `${path}/${name}` },
  });
}
