import { describeError, gpidText } from '@onebox/base';
import { RPC } from '@onebox/protocol';
import { writeTableInfo } from '../wire/table-info-wire';
import { writeUpdate } from '../wire/update-wire';
import { withoutMember } from './membership';
import type { Membership } from './membership';
import type { ReplicaContext } from './replica-context';
import { ReplicaEvents } from './replica-events';
import type { TableInfo } from './table-info';

/** Tells the meta server that this node is not what the configuration says. Asked once: the next config-sync asks again. */
export function askForRemoval(context: ReplicaContext, membership: Membership, table: TableInfo): void {
  const { self, meta, network, addresses, log } = context;
  if (meta.leader === undefined) return;
  const ballot = membership.ballot + 1;
  const told = new ReplicaEvents(context.events, membership.gpid);
  told.asked('CT_DOWNGRADE_TO_INACTIVE', self, ballot, 'it is not what the configuration says');
  const request = writeUpdate(
    {
      type: 'CT_DOWNGRADE_TO_INACTIVE',
      node: self,
      membership: { ...withoutMember(membership, self), ballot },
    },
    writeTableInfo(table),
    addresses,
  );
  const label = `${gpidText(membership.gpid)}: removal of ${self} at ballot ${ballot}`;
  network.call(meta.leader, RPC.RPC_CM_UPDATE_PARTITION_CONFIGURATION, request).then(
    ({ err }) => log.info(`${label}: ${err}`),
    (error: unknown) => log.warn(`${label}: ${describeError(error)}`),
  );
}
