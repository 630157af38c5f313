import { gpidText } from '@onebox/base';
import type { Clock, Node, Timer } from '@onebox/base';
import {
  ConfigType,
  ManualCompactionStatus,
  PartitionStatus,
  RPC,
  beaconMsg,
  configurationQueryByNodeRequest,
  configurationUpdateRequest,
  make,
  replicaInfo,
  toWireHostPort,
  wireNode,
} from '@onebox/protocol';
import type { ConfigurationUpdateRequest, Rpc } from '@onebox/protocol';
import { fromPartitionConfiguration, toPartitionConfiguration } from '../../src/rpc-encoding';
import type { PartitionConfig } from '../../src/state/partition';
import { afterMemberChange } from '../../src/state/partition-change';
import type { MemberChangeType } from '../../src/state/partition-change';
import { ADDRESSES } from './addresses';

/** How a simulated replica server reaches the cluster. */
export interface Surroundings {
  readonly clock: Clock;
  /** Calls the leader; undefined when it does not answer. */
  call<Q, A>(rpc: Rpc<Q, A>, request: Q): Promise<A | undefined>;
  replica(node: Node): SimulatedReplica;
}

const LEARNING_MS = 300;

/** As much of a replica server as the meta server can see: beacons, config-sync, and updates that follow proposals. */
export class SimulatedReplica {
  running = false;
  /** What it says of every replica's manual compaction. */
  compaction: ManualCompactionStatus = ManualCompactionStatus.IDLE;
  /** The configurations it knows, by partition: its disk. */
  readonly held = new Map<string, PartitionConfig>();
  private readonly timers = new Set<Timer>();
  private readonly busy = new Set<string>();
  private initializing = new Set<string>();
  private startedAtUnixMs = 0;
  private lastAckMs = -Infinity;
  private generation = 0;

  constructor(
    readonly node: Node,
    private readonly world: Surroundings,
  ) {}

  start(): void {
    this.running = true;
    this.generation += 1;
    this.startedAtUnixMs = this.world.clock.unixMs();
    this.initializing = new Set(this.held.keys());
    this.lastAckMs = -Infinity;
    this.timers.add(this.world.clock.every(3000, () => void this.beacon()));
    this.timers.add(this.world.clock.every(30_000, () => void this.sync()));
    void this.beacon();
  }

  /** As kill -9. */
  stop(): void {
    this.running = false;
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
    this.busy.clear();
  }

  /** A proposal of the leader. */
  propose(request: ConfigurationUpdateRequest): void {
    const known = fromPartitionConfiguration(request.config);
    const node = wireNode(request.hp_node, request.node);
    const id = gpidText(known.gpid);
    const held = this.held.get(id);
    if (node === undefined || this.busy.has(id) || (held !== undefined && known.ballot < held.ballot)) return;
    switch (request.type) {
      case ConfigType.CT_ASSIGN_PRIMARY:
        return this.ask(known, 'CT_ASSIGN_PRIMARY', node);
      case ConfigType.CT_UPGRADE_TO_PRIMARY:
        return this.ask(known, 'CT_UPGRADE_TO_PRIMARY', node);
      case ConfigType.CT_DOWNGRADE_TO_SECONDARY:
        return this.ask(known, 'CT_DOWNGRADE_TO_SECONDARY', node);
      case ConfigType.CT_DOWNGRADE_TO_INACTIVE:
        return this.ask(known, 'CT_DOWNGRADE_TO_INACTIVE', node);
      case ConfigType.CT_REMOVE:
        return this.ask(known, 'CT_REMOVE', node);
      case ConfigType.CT_ADD_SECONDARY:
      case ConfigType.CT_ADD_SECONDARY_FOR_LB:
        this.busy.add(id);
        this.after(LEARNING_MS, () => {
          this.busy.delete(id);
          if (this.world.replica(node).running) this.ask(known, 'CT_UPGRADE_TO_SECONDARY', node);
        });
        return;
      default:
        return;
    }
  }

  private ask(known: PartitionConfig, type: MemberChangeType, node: Node): void {
    const next = afterMemberChange(known, type, node);
    if (next === undefined) return;
    this.busy.add(gpidText(known.gpid));
    void this.update(next, type, node);
  }

  /** Asks until it is accepted or overtaken, every second, as reference/cluster-behaviour.md 4.2 says. */
  private async update(next: PartitionConfig, type: MemberChangeType, node: Node): Promise<void> {
    const { generation } = this;
    const id = gpidText(next.gpid);
    const answer = await this.world.call(
      RPC.RPC_CM_UPDATE_PARTITION_CONFIGURATION,
      make(configurationUpdateRequest, {
        config: toPartitionConfiguration(next, ADDRESSES),
        type: ConfigType[type],
        node: ADDRESSES.toRpcAddress(node),
        hp_node: toWireHostPort(node),
      }),
    );
    if (!this.running || generation !== this.generation) return;
    if (answer?.err === 'ERR_OK' || answer?.err === 'ERR_INVALID_VERSION') {
      this.busy.delete(id);
      const config = fromPartitionConfiguration(answer.config);
      this.held.set(id, config);
      if (type === 'CT_UPGRADE_TO_SECONDARY') this.world.replica(node).held.set(id, config);
      return;
    }
    this.after(1000, () => void this.update(next, type, node));
  }

  private async beacon(): Promise<void> {
    const { generation } = this;
    const sentMs = this.world.clock.monotonicMs();
    const ack = await this.world.call(
      RPC.RPC_FD_FAILURE_DETECTOR_PING,
      make(beaconMsg, {
        time: sentMs,
        from_node: ADDRESSES.toRpcAddress(this.node),
        hp_from_node: toWireHostPort(this.node),
        start_time: this.startedAtUnixMs,
      }),
    );
    if (!this.running || generation !== this.generation || ack?.is_master !== true) return;
    const hadLease = sentMs - this.lastAckMs <= 20_000;
    this.lastAckMs = sentMs;
    if (!hadLease) await this.sync();
  }

  private async sync(): Promise<void> {
    const { generation } = this;
    const answer = await this.world.call(
      RPC.RPC_CM_CONFIG_SYNC,
      make(configurationQueryByNodeRequest, {
        node: ADDRESSES.toRpcAddress(this.node),
        hp_node: toWireHostPort(this.node),
        stored_replicas: [...this.held.values()].map((config) => this.report(config)),
      }),
    );
    if (!this.running || generation !== this.generation || answer === undefined) return;
    if (answer.err === 'ERR_BUSY') {
      this.after(500, () => void this.sync());
      return;
    }
    for (const { config: wire } of answer.partitions) {
      const config = fromPartitionConfiguration(wire);
      const id = gpidText(config.gpid);
      if (this.busy.has(id)) continue;
      this.held.set(id, config);
      if (this.initializing.delete(id) && config.primary === this.node) {
        this.ask(config, 'CT_PRIMARY_FORCE_UPDATE_BALLOT', this.node);
      }
    }
  }

  private report(config: PartitionConfig) {
    const isMember = config.primary === this.node || config.secondaries.includes(this.node);
    return make(replicaInfo, {
      pid: config.gpid,
      ballot: config.ballot,
      status: isMember ? PartitionStatus.PS_SECONDARY : PartitionStatus.PS_INACTIVE,
      last_committed_decree: config.lastCommittedDecree,
      last_prepared_decree: config.lastCommittedDecree,
      app_type: 'pegasus',
      disk_tag: 'default',
      manual_compact_status: this.compaction,
    });
  }

  private after(ms: number, work: () => void): void {
    const timer = this.world.clock.after(ms, () => {
      this.timers.delete(timer);
      work();
    });
    this.timers.add(timer);
  }
}
