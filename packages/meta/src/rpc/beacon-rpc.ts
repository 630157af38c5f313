import { wireNode, RPC, beaconAck, make, toWireHostPort } from '@onebox/protocol';
import type { AddressResolver, BeaconAck, BeaconMsg } from '@onebox/protocol';
import { NO_REPLY } from '@onebox/server';
import type { RpcRegistry } from '@onebox/server';
import type { Clock, Logger, Node } from '@onebox/base';
import type { UnstableRestarts } from '../liveness/unstable-restarts';
import type { Leadership } from './leader-only';

export interface BeaconParts {
  readonly leadership: Leadership;
  readonly restarts: UnstableRestarts;
  readonly addresses: AddressResolver;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Serves beacons, on the leader and on standbys: that is how replica servers find the leader (cluster-behaviour.md 3.2, 3.3). */
export function serveBeacons(registry: RpcRegistry, parts: BeaconParts): void {
  registry.on(RPC.RPC_FD_FAILURE_DETECTOR_PING, (beacon) => answerBeacon(beacon, parts));
}

async function answerBeacon(beacon: BeaconMsg, parts: BeaconParts): Promise<BeaconAck | typeof NO_REPLY> {
  const { leadership, restarts, clock, log } = parts;
  const node = wireNode(beacon.hp_from_node, beacon.from_node);
  if (node === undefined) {
    log.warn('beacon: not answered, it names no sender');
    return NO_REPLY;
  }
  if (beacon.start_time !== undefined && !restarts.accepts(node, beacon.start_time, clock.unixMs())) {
    log.warn(`beacon: ${node} is not answered, it restarted too often`);
    return NO_REPLY;
  }
  await learnAddress(node, parts);
  const thisNode = { this_node: beacon.to_node, hp_this_node: beacon.hp_to_node };
  const leader = leadership.leader();
  if (leader?.ready === true) {
    return make(beaconAck, {
      time: beacon.time,
      ...thisNode,
      primary_node: beacon.to_node,
      hp_primary_node: beacon.hp_to_node,
      is_master: true,
      allowed: leader.detector.onBeacon(node),
    });
  }
  // A leader that is still loading names nobody, else the sender would come back here at once, again and again.
  const owner = leader === undefined ? leadership.owner() : undefined;
  return make(beaconAck, {
    time: beacon.time,
    ...thisNode,
    primary_node: owner === undefined ? null : parts.addresses.toRpcAddress(owner),
    hp_primary_node: toWireHostPort(owner),
    is_master: false,
    allowed: true,
  });
}

/** The ip form of a member is stored and sent beside its name, so it has to be known before the node can be a member. */
async function learnAddress(node: Node, { addresses, log }: BeaconParts): Promise<void> {
  if (addresses.toRpcAddress(node) !== null) return;
  await addresses.learn(node).catch(() => log.warn(`beacon: the address of ${node} cannot be resolved`));
}
