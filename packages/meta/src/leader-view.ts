import type { Node } from '@onebox/base';
import { EMPTY_COUNTS } from './balancer';
import type { Policy } from './backup';
import type { BalanceCounts, ClusterView, FunctionLevel, NodeView } from './cluster-view';
import type { DuplicationView } from './duplication';
import type { Leader } from './leader';
import type { TableView } from './state/table';

/** What of a cluster view is the same on every meta. */
export type ClusterFixture = Pick<
  ClusterView,
  'self' | 'metaServers' | 'zookeeperHosts' | 'zookeeperRoot' | 'clusterName'
>;

/** The state of this server's leader part, for HTTP calls and query RPCs; empty and not ready on a standby. */
export class LeaderView implements ClusterView {
  readonly self: Node;
  readonly metaServers: readonly Node[];
  readonly zookeeperHosts: string;
  readonly zookeeperRoot: string;
  readonly clusterName: string;

  constructor(
    fixture: ClusterFixture,
    private readonly leader: () => Leader | undefined,
  ) {
    this.self = fixture.self;
    this.metaServers = fixture.metaServers;
    this.zookeeperHosts = fixture.zookeeperHosts;
    this.zookeeperRoot = fixture.zookeeperRoot;
    this.clusterName = fixture.clusterName;
  }

  functionLevel(): FunctionLevel {
    return this.leader()?.level.effective() ?? 'invalid';
  }

  balanceCounts(): BalanceCounts {
    return this.leader()?.balancer.counts() ?? EMPTY_COUNTS;
  }

  tables(): readonly TableView[] {
    return this.leader()?.state.tables() ?? [];
  }

  tableNamed(name: string): TableView | undefined {
    return this.leader()?.state.tableNamed(name);
  }

  duplicationEnabled(): boolean {
    return this.leader()?.duplications.enabled === true;
  }

  duplications(appId: number): readonly DuplicationView[] {
    return this.leader()?.duplications.of(appId) ?? [];
  }

  nodes(): readonly NodeView[] {
    return this.leader()?.nodes.all() ?? [];
  }

  backupPolicies(): readonly Policy[] | undefined {
    return this.leader()
      ?.backups?.policies()
      .map(({ policy }) => policy);
  }

  ready(): boolean {
    return this.leader()?.ready === true;
  }
}
