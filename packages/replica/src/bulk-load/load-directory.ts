import { existsSync, readdirSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '@onebox/base';
import type { Clock, Logger } from '@onebox/base';

const NAME = 'bulk_load';

/** Where a replica keeps what it downloads: `bulk_load` in its directory, as upstream. */
export class LoadDirectory {
  readonly path: string;

  constructor(
    private readonly replicaDirectory: string,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    this.path = join(replicaDirectory, NAME);
  }

  get exists(): boolean {
    return existsSync(this.path);
  }

  /**
   * Takes it away at once, and deletes it and what earlier ones left behind in the background: a file that is still being
   * written does not bring it back.
   */
  remove(): void {
    if (!existsSync(this.replicaDirectory)) return;
    try {
      if (this.exists) renameSync(this.path, `${this.path}.${this.clock.unixMs()}.gar`);
      const garbage = readdirSync(this.replicaDirectory).filter((name) => name.startsWith(`${NAME}.`));
      for (const name of garbage) void this.delete(join(this.replicaDirectory, name));
    } catch (error) {
      this.log.error(`${this.path} cannot be removed: ${describeError(error)}`);
    }
  }

  private async delete(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch((error: unknown) =>
      this.log.warn(`${path} is not deleted yet: ${describeError(error)}`),
    );
  }
}
