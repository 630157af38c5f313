import type { ServerContext } from '@onebox/server';
import { ZooKeeperElection } from './leadership/zookeeper-election';
import { MetaServer } from './meta-server';
import { lockDirectory } from './state/znode-paths';

/** The meta server of a process, elected through ZooKeeper. */
export function createMetaServer(context: ServerContext): MetaServer {
  const { self, flags, clock, log, events, faults } = context;
  const election = new ZooKeeperElection({
    self,
    hosts: flags.get('hosts_list'),
    timeoutMs: flags.get('timeout_ms'),
    lockDirectory: lockDirectory(flags.get('distributed_lock_service_parameters')),
    clock,
    log,
    events,
    gate: faults.zookeeper,
  });
  return new MetaServer(context, election);
}
