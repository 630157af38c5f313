import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { OneboxError } from '@onebox/base';
import type { Availability, PreparedZooKeeper, ProviderContext, ZooKeeperProvider } from './provider';
import { writeZooCfg } from './write-zoo-cfg';

/** glibc gives each thread an arena of its own; in a server of one busy thread that is memory nobody uses. */
const FEWER_ARENAS = { MALLOC_ARENA_MAX: '2' };

/**
 * Our own single-node server of ZooKeeper's client protocol, run with this Node. It is not ZooKeeper: it is what makes the
 * first command work on a machine with neither Docker nor Java (design.md 7).
 */
export class EmbeddedProvider implements ZooKeeperProvider {
  readonly kind = 'embedded';
  readonly recorded = 'embedded';

  /** @param program absolute path of `bin/zookeeper_embedded` */
  constructor(private readonly program: string) {}

  async available(): Promise<Availability> {
    return access(this.program, constants.R_OK).then(
      () => ({ ok: true, detail: "onebox's own server of its protocol, not Apache ZooKeeper" }) as const,
      () => ({ ok: false, why: `this installation lacks ${this.program}` }) as const,
    );
  }

  async prepare(context: ProviderContext): Promise<PreparedZooKeeper> {
    const available = await this.available();
    if (!available.ok) {
      throw new OneboxError('ONEBOX_NO_ZOOKEEPER', `the embedded ZooKeeper cannot run: ${available.why}`, {
        nextStep: 'Install onebox again.',
        data: { why: available.why },
      });
    }
    const configuration = await writeZooCfg(context);
    return {
      kind: 'process',
      hosts: `127.0.0.1:${context.port}`,
      spec: {
        name: 'zookeeper',
        command: process.execPath,
        args: [this.program, configuration, ...(context.ephemeral ? ['--in-memory'] : [])],
        cwd: context.directory,
        env: FEWER_ARENAS,
        outputFile: join(context.directory, 'zookeeper.log'),
      },
    };
  }
}
