import type { Node } from '@onebox/base';
import { RPC } from '@onebox/protocol';
import { writeRoleConfig } from '../wire/role-config-wire';
import type { Membership } from './membership';
import type { ReplicaContext } from './replica-context';

/** Tells a node that it was taken out of a configuration. */
export function tellRemoved(context: ReplicaContext, node: Node, membership: Membership): void {
  const { gpid, ballot, primary } = membership;
  if (node === context.self) return;
  const role = writeRoleConfig(
    { gpid, ballot, primary, status: 'PS_INACTIVE', signature: 0 },
    context.addresses,
  );
  context.network.send(node, RPC.RPC_REMOVE_REPLICA, role, { gpid });
}
