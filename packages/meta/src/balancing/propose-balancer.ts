import type { ErrorCode, Gpid, Node } from '@onebox/base';
import type { ProposalSender } from '../configuration/proposal-sender';
import { balancerProposals, isProposalType } from '../guardian/proposal';
import type { Proposal, ProposalPurpose } from '../guardian/proposal';
import type { ChangeType } from '../state/partition-change';
import type { ServerState } from '../state/server-state';

/** An operator's proposals for one partition; a target that is left out is the primary. */
export interface BalancerRequest {
  readonly gpid: Gpid;
  readonly actions: readonly {
    readonly type: ChangeType;
    readonly target: Node | undefined;
    readonly node: Node | undefined;
  }[];
  /** Sends all of them at once, instead of queueing them for the next tick. */
  readonly force: boolean;
}

const BY_REQUEST: ProposalPurpose = { origin: 'request', reason: 'asked for by request' };

/** RPC_CM_PROPOSE_BALANCER (reference/rpc-protocol.md 4.3, 4.6). */
export function proposeBalancer(
  state: ServerState,
  sender: ProposalSender,
  request: BalancerRequest,
): ErrorCode {
  const partition = state.find(request.gpid);
  if (partition === undefined || partition.table.info.status !== 'AS_AVAILABLE')
    return 'ERR_INVALID_PARAMETERS';
  const { table, index } = partition;
  const { primary } = table.partition(index);
  const proposals = request.actions.flatMap(({ type, target, node }): Proposal[] => {
    const to = target ?? primary;
    return isProposalType(type) && to !== undefined && node !== undefined ? [{ type, target: to, node }] : [];
  });
  if (proposals.length !== request.actions.length || proposals.length === 0) return 'ERR_INVALID_PARAMETERS';
  if (request.force) {
    for (const proposal of proposals) sender.send(partition, proposal, BY_REQUEST);
    return 'ERR_OK';
  }
  if (table.context(index).proposals.actions.length > 0) return 'ERR_INVALID_PARAMETERS';
  state.setProposals(partition, balancerProposals(proposals, BY_REQUEST));
  return 'ERR_OK';
}
