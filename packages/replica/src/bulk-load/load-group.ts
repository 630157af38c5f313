import { describeError } from '@onebox/base';
import type { Gpid, Node } from '@onebox/base';
import { RPC, groupBulkLoadRequest, make, toWireHostPort } from '@onebox/protocol';
import type { BulkLoadRequest, PartitionBulkLoadState } from '@onebox/protocol';
import type { ReplicaContext } from '../partition/replica-context';
import { addressOf } from '../wire/node-fields';
import { writeRoleConfig } from '../wire/role-config-wire';
import { UNKNOWN_STATE } from './group-states';

/** What a primary passes on to its secondaries, and what it last heard of them. */
export class LoadGroup {
  private readonly heard = new Map<Node, PartitionBulkLoadState>();
  private round = 0;

  constructor(
    private readonly context: Pick<ReplicaContext, 'self' | 'network' | 'addresses' | 'log'>,
    private readonly gpid: Gpid,
    /** Of this replica while it is primary; undefined when it is not. */
    private readonly ballotAsPrimary: () => number | undefined,
  ) {}

  get states(): ReadonlyMap<Node, PartitionBulkLoadState> {
    return this.heard;
  }

  /** Answers that are still on their way count no more. */
  forget(): void {
    this.round += 1;
    this.heard.clear();
  }

  /** Whatever they said before, they have not said it about what comes now. */
  resetStates(secondaries: readonly Node[]): void {
    for (const node of secondaries) this.heard.set(node, UNKNOWN_STATE);
  }

  /** RPC_GROUP_BULK_LOAD to every secondary; what they answer is in the next report. */
  broadcast(request: BulkLoadRequest, secondaries: readonly Node[]): void {
    const ballot = this.ballotAsPrimary();
    if (ballot === undefined) return;
    this.round += 1;
    for (const node of secondaries) {
      if (node !== this.context.self) void this.tell(node, request, ballot, this.round);
    }
  }

  private async tell(node: Node, request: BulkLoadRequest, ballot: number, round: number): Promise<void> {
    const { self, network, addresses, log } = this.context;
    const role = { gpid: this.gpid, ballot, primary: self, status: 'PS_SECONDARY', signature: 0 } as const;
    let state: PartitionBulkLoadState = UNKNOWN_STATE;
    try {
      const answer = await network.call(
        node,
        RPC.RPC_GROUP_BULK_LOAD,
        make(groupBulkLoadRequest, {
          app_name: request.app_name,
          target: addressOf(node, addresses),
          hp_target: toWireHostPort(node),
          config: writeRoleConfig(role, addresses),
          provider_name: request.remote_provider_name,
          cluster_name: request.cluster_name,
          meta_bulk_load_status: request.meta_bulk_load_status,
          remote_root_path: request.remote_root_path,
        }),
        { gpid: this.gpid },
      );
      if (answer.err === 'ERR_OK') state = answer.bulk_load_state;
      else log.warn(`${this.label}: bulk load: ${node} answered ${answer.err}`);
    } catch (error) {
      log.warn(`${this.label}: bulk load: ${describeError(error)}`);
    }
    // Superseded by a later round, or by another role: upstream cancels such answers.
    if (round !== this.round || this.ballotAsPrimary() !== ballot) return;
    this.heard.set(node, state);
  }

  private get label(): string {
    return `${this.gpid.appId}.${this.gpid.partitionIndex}`;
  }
}
