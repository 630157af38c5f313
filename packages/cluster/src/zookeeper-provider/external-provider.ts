import { connect } from 'node:net';
import { type HostPort } from '@onebox/base';
import { parseConnectString } from '@onebox/zookeeper';
import type { Availability, PreparedZooKeeper, ZooKeeperProvider } from './provider';

const REACH_WITHIN_MS = 1000;

/** Somebody else's ensemble: it is neither started nor stopped, and below a root that is not ours nothing is touched. */
export class ExternalProvider implements ZooKeeperProvider {
  readonly kind = 'external';
  private readonly servers: readonly HostPort[];

  /**
   * @param recorded `host:port[,host:port][/chroot]`
   * @throws OneboxError ONEBOX_BAD_ZOOKEEPER_HOSTS
   */
  constructor(readonly recorded: string) {
    this.servers = parseConnectString(recorded).servers;
  }

  /** Available when one of its servers takes a connection. */
  async available(): Promise<Availability> {
    const reached = await Promise.all(this.servers.map(takesConnection));
    const reachable = reached.filter(Boolean).length;
    if (reachable === 0) return { ok: false, why: `nothing answers at ${this.recorded}` };
    return { ok: true, detail: `${reachable} of ${this.servers.length} servers answer` };
  }

  async prepare(): Promise<PreparedZooKeeper> {
    return { kind: 'external', hosts: this.recorded };
  }
}

function takesConnection({ host, port }: HostPort): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const settle = (taken: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(taken);
    };
    const timer = setTimeout(() => settle(false), REACH_WITHIN_MS);
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
