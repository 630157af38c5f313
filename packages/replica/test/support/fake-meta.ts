import { gpidText } from '@onebox/base';
import type { ErrorCode, Gpid, Node } from '@onebox/base';
import {
  AppStatus,
  ConfigType,
  RPC,
  appInfo,
  beaconAck,
  configurationQueryByNodeResponse,
  configurationUpdateRequest,
  configurationUpdateResponse,
  make,
  replicaInfo,
  toWireHostPort,
  wireNode,
} from '@onebox/protocol';
import type {
  AppInfo,
  BeaconMsg,
  ConfigurationQueryByNodeRequest,
  ConfigurationUpdateRequest,
  ReplicaInfo,
} from '@onebox/protocol';
import { NO_REPLY } from '@onebox/server';
import type { RpcRegistry } from '@onebox/server';
import type { AddressBook, Network } from '../../src/network';
import {
  withPrimary,
  withPrimaryAsSecondary,
  withSecondary,
  withoutMember,
} from '../../src/partition/membership';
import type { Membership } from '../../src/partition/membership';
import type { ChangeType } from '../../src/partition/proposal-decision';
import { readMembership, writeMembership } from '../../src/wire/membership-wire';
import { nodeFields } from '../../src/wire/node-fields';

/** As much of a meta server as replica servers talk to: it evaluates updates in the order of cluster-behaviour.md 4.2. */
export class FakeMeta {
  readonly partitions = new Map<string, Membership>();
  /** Every update as `1.0 CT_ASSIGN_PRIMARY 127.0.0.1:34801 1 ERR_OK`. */
  readonly updates: string[] = [];
  readonly beacons: BeaconMsg[] = [];
  readonly reports = new Map<Node, readonly ReplicaInfo[]>();
  /** What it says about leadership. */
  master = true;
  leader: Node | undefined;
  allowed = true;
  /** Answers every update so; `silence` gives no answer, `lost answer` writes and gives none. */
  refuse: ErrorCode | 'silence' | 'lost answer' | undefined;
  /** The next so many config-syncs are answered ERR_BUSY. */
  busySyncs = 0;
  garbage: readonly Gpid[] = [];
  /** After each change the next step is proposed, to these nodes. */
  cures: readonly Node[] = [];
  envs: [string, string][] = [];
  /** Accepted updates are answered only when this settles; what follows from them is proposed before. */
  answerAfter: Promise<void> | undefined;

  constructor(
    readonly node: Node,
    private readonly network: Network,
    private readonly addresses: AddressBook,
  ) {}

  register(registry: RpcRegistry): void {
    registry.on(RPC.RPC_FD_FAILURE_DETECTOR_PING, (beacon) => this.onBeacon(beacon));
    registry.on(RPC.RPC_CM_CONFIG_SYNC, (request) => this.onSync(request));
    registry.on(RPC.RPC_CM_UPDATE_PARTITION_CONFIGURATION, (request) => this.onUpdate(request));
  }

  add(gpid: Gpid, given: Partial<Membership> = {}): void {
    this.partitions.set(gpidText(gpid), {
      gpid,
      ballot: 0,
      maxReplicaCount: 3,
      primary: undefined,
      secondaries: [],
      lastDrops: [],
      lastCommittedDecree: 0,
      flags: 0,
      ...given,
    });
  }

  partition(gpid: Gpid): Membership {
    const membership = this.partitions.get(gpidText(gpid));
    if (membership === undefined) throw new Error(`no partition ${gpidText(gpid)}`);
    return membership;
  }

  /** A change of the meta server's own: ballot + 1. */
  change(gpid: Gpid, change: Partial<Membership>): void {
    const stored = this.partition(gpid);
    this.partitions.set(gpidText(gpid), { ...stored, ...change, ballot: stored.ballot + 1 });
  }

  propose(type: ChangeType, target: Node, node: Node, gpid: Gpid): void {
    const request = make(configurationUpdateRequest, {
      info: this.info(gpid),
      config: writeMembership(this.partition(gpid), this.addresses),
      type: ConfigType[type],
      ...nodeFields(node, this.addresses),
    });
    this.network.send(target, RPC.RPC_CONFIG_PROPOSAL, request, { gpid });
  }

  /** Proposes the next step towards a full group. */
  cure(gpid: Gpid): void {
    const { primary, secondaries, maxReplicaCount } = this.partition(gpid);
    const alive = (node: Node): boolean => this.cures.includes(node);
    if (primary === undefined) {
      const heir = secondaries.find(alive);
      const first = this.cures[gpid.partitionIndex % Math.max(1, this.cures.length)];
      if (heir !== undefined) this.propose('CT_UPGRADE_TO_PRIMARY', heir, heir, gpid);
      else if (first !== undefined) this.propose('CT_ASSIGN_PRIMARY', first, first, gpid);
      return;
    }
    const spare = this.cures.find((node) => node !== primary && !secondaries.includes(node));
    if (secondaries.length + 1 < maxReplicaCount && spare !== undefined) {
      this.propose('CT_ADD_SECONDARY', primary, spare, gpid);
    }
  }

  info(gpid: Gpid): AppInfo {
    return make(appInfo, {
      status: AppStatus.AS_AVAILABLE,
      app_type: 'pegasus',
      app_name: `table${gpid.appId}`,
      app_id: gpid.appId,
      partition_count: 8,
      envs: this.envs,
      is_stateful: true,
      max_replica_count: this.partition(gpid).maxReplicaCount,
      create_second: 1_714_000_000,
    });
  }

  private onBeacon(beacon: BeaconMsg) {
    this.beacons.push(beacon);
    const { to_node: thisNode, hp_to_node: hpThisNode } = beacon;
    const leader = this.master ? this.node : this.leader;
    return make(beaconAck, {
      time: beacon.time,
      this_node: thisNode,
      hp_this_node: hpThisNode,
      primary_node: leader === undefined ? null : this.addresses.toRpcAddress(leader),
      hp_primary_node: toWireHostPort(leader),
      is_master: this.master,
      allowed: this.allowed,
    });
  }

  private onSync(request: ConfigurationQueryByNodeRequest) {
    const node = wireNode(request.hp_node, request.node);
    if (node !== undefined) this.reports.set(node, request.stored_replicas ?? []);
    if (this.busySyncs > 0) {
      this.busySyncs -= 1;
      return make(configurationQueryByNodeResponse, { err: 'ERR_BUSY' });
    }
    const mine = [...this.partitions.values()].filter(
      ({ primary, secondaries }) => node !== undefined && (primary === node || secondaries.includes(node)),
    );
    return make(configurationQueryByNodeResponse, {
      err: 'ERR_OK',
      partitions: mine.map((membership) =>
        make(configurationUpdateRequest, {
          info: this.info(membership.gpid),
          config: writeMembership(membership, this.addresses),
        }),
      ),
      gc_replicas: this.garbage.map((pid) => make(replicaInfo, { pid })),
    });
  }

  private onUpdate(request: ConfigurationUpdateRequest) {
    const wanted = readMembership(request.config);
    const node = wireNode(request.hp_node, request.node);
    const type = Object.entries(ConfigType).find(([, value]) => value === request.type)?.[0];
    const stored = this.partition(wanted.gpid);
    const answer = (err: ErrorCode) => {
      this.updates.push(`${gpidText(wanted.gpid)} ${type} ${node ?? '-'} ${wanted.ballot} ${err}`);
      const config = writeMembership(this.partition(wanted.gpid), this.addresses);
      return make(configurationUpdateResponse, { err, config });
    };
    if (this.refuse === 'silence') {
      this.updates.push(`${gpidText(wanted.gpid)} ${type} ${node ?? '-'} ${wanted.ballot} silence`);
      return NO_REPLY;
    }
    if (this.refuse !== undefined && this.refuse !== 'lost answer') return answer(this.refuse);
    if (JSON.stringify(stored) === JSON.stringify(wanted)) return answer('ERR_OK');
    if (wanted.ballot !== stored.ballot + 1) return answer('ERR_INVALID_VERSION');
    const next = node === undefined ? undefined : after(type as ChangeType, stored, node);
    if (
      next === undefined ||
      next.primary !== wanted.primary ||
      next.secondaries.join() !== wanted.secondaries.join()
    ) {
      return answer('ERR_INVALID_PARAMETERS');
    }
    const { lastCommittedDecree } = wanted;
    this.partitions.set(gpidText(wanted.gpid), { ...next, ballot: wanted.ballot, lastCommittedDecree });
    if (this.refuse === 'lost answer') {
      answer('ERR_OK');
      return NO_REPLY;
    }
    setImmediate(() => this.cure(wanted.gpid));
    const accepted = answer('ERR_OK');
    return this.answerAfter === undefined ? accepted : this.answerAfter.then(() => accepted);
  }
}

function after(type: ChangeType, stored: Membership, node: Node): Membership | undefined {
  switch (type) {
    case 'CT_ASSIGN_PRIMARY':
      return stored.primary === undefined && !stored.secondaries.includes(node)
        ? withPrimary(stored, node)
        : undefined;
    case 'CT_UPGRADE_TO_PRIMARY':
      return stored.primary === undefined && stored.secondaries.includes(node)
        ? withPrimary(stored, node)
        : undefined;
    case 'CT_UPGRADE_TO_SECONDARY':
      return withSecondary(stored, node);
    case 'CT_DOWNGRADE_TO_SECONDARY':
      return withPrimaryAsSecondary(stored);
    case 'CT_DOWNGRADE_TO_INACTIVE':
    case 'CT_REMOVE':
      return withoutMember(stored, node);
    case 'CT_PRIMARY_FORCE_UPDATE_BALLOT':
      return stored.primary === node ? stored : undefined;
    case 'CT_ADD_SECONDARY':
    case 'CT_ADD_SECONDARY_FOR_LB':
      return undefined;
  }
}
