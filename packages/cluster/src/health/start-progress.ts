import { existsSync } from 'node:fs';
import type { Node } from '@onebox/base';
import type { ClusterContext } from '../life/cluster-context';
import { serversOf } from '../topology';
import type { ServerInstance } from '../topology';
import { describeLacking, lackingPartitions } from './health';
import { LeaderClient } from './leader-client';
import { askServer, isInTouch } from './server-status';

const STILL_LOADING = 'the leader is still loading';

/**
 * What became true so far of a cluster that starts. Each look asks only for what comes next, and emits what became true;
 * when the leader is lost, it begins again at the leader.
 */
export class StartProgress {
  private readonly client: LeaderClient;
  private readonly servers: readonly ServerInstance[];
  private zookeeperServes = false;
  private leader: Node | undefined;
  private announcedLeader: Node | undefined;
  private readonly inTouch = new Set<string>();
  private readonly answering = new Set<string>();
  private lastAlive = -1;
  private lastHealthy = -1;

  constructor(private readonly context: ClusterContext) {
    this.client = new LeaderClient(context.record);
    this.servers = serversOf(context.record);
  }

  close(): void {
    this.client.close();
  }

  /** Undefined when the cluster is healthy, else the first thing it lacks, in words. */
  async look(): Promise<string | undefined> {
    return (
      (await this.lookAtZooKeeper()) ??
      (await this.lookForLeader()) ??
      (await this.lookAtReplicaServers()) ??
      (await this.lookAtTables()) ??
      (await this.lookAtServers())
    );
  }

  private async lookAtZooKeeper(): Promise<string | undefined> {
    const { hosts } = this.context.record.zookeeper;
    if (this.zookeeperServes) return undefined;
    this.zookeeperServes = await this.context.zookeeper.isServing();
    if (!this.zookeeperServes) return `ZooKeeper does not serve at ${hosts}`;
    this.context.emit({ kind: 'zookeeper-ready', hosts });
    return undefined;
  }

  private async lookForLeader(): Promise<string | undefined> {
    if (this.leader !== undefined) return undefined;
    this.leader = this.anyMetaListens() ? await this.client.find() : undefined;
    if (this.leader === undefined) return 'no meta server leads';
    if (this.leader !== this.announcedLeader) {
      this.announcedLeader = this.leader;
      this.context.emit({ kind: 'leader-elected', leader: this.leader });
    }
    return undefined;
  }

  /** Asking servers that are still starting would take from the time in which they could start. */
  private anyMetaListens(): boolean {
    const { state } = this.context;
    return this.servers.some(({ role, name }) => role === 'meta' && existsSync(state.controlSocket(name)));
  }

  private async lookAtReplicaServers(): Promise<string | undefined> {
    const expected = this.servers.filter(({ role }) => role === 'replica');
    if (this.inTouch.size < expected.length) {
      const alive = await this.askLeader((leader) => this.client.alivePorts(leader));
      if (alive === undefined) return STILL_LOADING;
      for (const { name, port } of expected) {
        if (this.inTouch.has(name) || !alive.has(port)) continue;
        if (isInTouch(await askServer(this.context.state.controlSocket(name)))) this.inTouch.add(name);
      }
    }
    const count = this.inTouch.size;
    if (count !== this.lastAlive) {
      this.lastAlive = count;
      this.context.emit({ kind: 'nodes-alive', alive: count, expected: expected.length });
    }
    if (count === expected.length) return undefined;
    const missing = expected.filter(({ name }) => !this.inTouch.has(name)).map(({ name }) => name);
    return `${count} of ${expected.length} replica servers are alive, not ${missing.join(', ')}`;
  }

  private async lookAtTables(): Promise<string | undefined> {
    const tables = await this.askLeader((leader) => this.client.tables(leader));
    if (tables === undefined) return STILL_LOADING;
    const { replicas } = this.context.record;
    const lacking = tables.map(({ name, partitions }) => lackingPartitions(name, partitions, replicas));
    const healthy = lacking.filter((found) => found.length === 0).length;
    if (healthy !== this.lastHealthy) {
      this.lastHealthy = healthy;
      this.context.emit({ kind: 'tables-healthy', healthy, total: tables.length });
    }
    return healthy === tables.length ? undefined : describeLacking(lacking.flat());
  }

  /** Standby metas and the collector come up later than the tables, sometimes. */
  private async lookAtServers(): Promise<string | undefined> {
    const silent = () => this.servers.filter(({ name }) => !this.answering.has(name));
    await Promise.all(
      silent().map(async ({ name }) => {
        const said = await askServer(this.context.state.controlSocket(name));
        if (said?.started === true) this.answering.add(name);
      }),
    );
    const left = silent().map(({ name }) => name);
    return left.length === 0 ? undefined : `${left.join(', ')} does not answer`;
  }

  private async askLeader<T>(ask: (leader: Node) => Promise<T | undefined>): Promise<T | undefined> {
    const answer = this.leader === undefined ? undefined : await ask(this.leader);
    if (answer === undefined) this.leader = undefined;
    return answer;
  }
}
