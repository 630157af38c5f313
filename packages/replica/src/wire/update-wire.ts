import type { Node } from '@onebox/base';
import { ConfigType, configurationUpdateRequest, make, wireNode } from '@onebox/protocol';
import type { ConfigurationUpdateRequest } from '@onebox/protocol';
import type { AddressBook } from '../network';
import type { Membership } from '../partition/membership';
import type { ChangeType, Proposal } from '../partition/proposal-decision';
import { readMembership, writeMembership } from './membership-wire';
import { nodeFields } from './node-fields';

const CHANGE_TYPES: Readonly<Record<ChangeType, ConfigType>> = {
  CT_ASSIGN_PRIMARY: ConfigType.CT_ASSIGN_PRIMARY,
  CT_UPGRADE_TO_PRIMARY: ConfigType.CT_UPGRADE_TO_PRIMARY,
  CT_ADD_SECONDARY: ConfigType.CT_ADD_SECONDARY,
  CT_UPGRADE_TO_SECONDARY: ConfigType.CT_UPGRADE_TO_SECONDARY,
  CT_DOWNGRADE_TO_SECONDARY: ConfigType.CT_DOWNGRADE_TO_SECONDARY,
  CT_DOWNGRADE_TO_INACTIVE: ConfigType.CT_DOWNGRADE_TO_INACTIVE,
  CT_REMOVE: ConfigType.CT_REMOVE,
  CT_ADD_SECONDARY_FOR_LB: ConfigType.CT_ADD_SECONDARY_FOR_LB,
  CT_PRIMARY_FORCE_UPDATE_BALLOT: ConfigType.CT_PRIMARY_FORCE_UPDATE_BALLOT,
};

/** A proposal of the meta server; undefined when it names no node or no change a replica can make. */
export function readProposal(wire: ConfigurationUpdateRequest): Proposal | undefined {
  const type = (Object.keys(CHANGE_TYPES) as ChangeType[]).find((known) => CHANGE_TYPES[known] === wire.type);
  const node = wireNode(wire.hp_node, wire.node);
  return type === undefined || node === undefined
    ? undefined
    : { type, node, membership: readMembership(wire.config) };
}

/** What a replica asks the meta server for: the change, and the whole configuration after it. */
export interface ConfigurationUpdate {
  readonly type: ChangeType;
  /** The node the change is about. */
  readonly node: Node;
  readonly membership: Membership;
}

export function writeUpdate(
  update: ConfigurationUpdate,
  info: ConfigurationUpdateRequest['info'],
  addresses: AddressBook,
): ConfigurationUpdateRequest {
  return make(configurationUpdateRequest, {
    info,
    config: writeMembership(update.membership, addresses),
    type: CHANGE_TYPES[update.type],
    ...nodeFields(update.node, addresses),
  });
}
