import { gpidText } from '@onebox/base';
import type { Logger } from '@onebox/base';
import { ConfigType, RPC, configurationUpdateRequest, make, toWireHostPort } from '@onebox/protocol';
import type { AddressResolver, RpcClient } from '@onebox/protocol';
import type { Chronicle } from '../chronicle';
import { proposalText } from '../guardian/proposal';
import type { Proposal, ProposalPurpose } from '../guardian/proposal';
import { toAppInfo, toPartitionConfiguration } from '../rpc-encoding';
import type { PartitionRef } from '../state/server-state';

/** Sends proposals to replica servers: one way, as RPC_CONFIG_PROPOSAL. What was lost is sent again at the next tick. */
export class ProposalSender {
  private sent = 0;

  constructor(
    private readonly rpc: Pick<RpcClient, 'send'>,
    private readonly addresses: AddressResolver,
    private readonly chronicle: Chronicle,
    private readonly log: Logger,
  ) {}

  /** How many proposals were sent. */
  get sentCount(): number {
    return this.sent;
  }

  send({ table, index }: PartitionRef, proposal: Proposal, purpose: ProposalPurpose): void {
    const config = table.partition(index);
    const { node, target, type } = proposal;
    this.sent += 1;
    this.log.info(`${gpidText(config.gpid)}: propose ${proposalText(proposal)}, ballot ${config.ballot}`);
    this.chronicle.proposed(config, proposal, purpose);
    const request = make(configurationUpdateRequest, {
      info: toAppInfo(table.info),
      config: toPartitionConfiguration(config, this.addresses),
      type: ConfigType[type],
      node: this.addresses.toRpcAddress(node),
      hp_node: toWireHostPort(node),
    });
    this.rpc.send(target, RPC.RPC_CONFIG_PROPOSAL, request, { gpid: config.gpid });
  }
}
