import { OneboxError } from '@onebox/base';
import type { ErrorCode, Node } from '@onebox/base';
import type { Rpc } from '../rpc-catalog';
import { RpcError } from './rpc-error';
import type { RpcClient } from './rpc-client';

/** Answers that mean "not here, or not yet": another meta of the same cluster may know better (reference/rpc-protocol.md 4.1). */
const ASK_ANOTHER: readonly ErrorCode[] = [
  'ERR_FORWARD_TO_OTHERS',
  'ERR_SERVICE_NOT_ACTIVE',
  'ERR_UNDER_RECOVERY',
];

/**
 * The meta servers of another cluster, whichever of them leads: each is asked once, beginning with the one that answered last.
 * Whoever wants to wait for a leader asks again.
 */
export class MetaGroup {
  private leader: Node | undefined;

  constructor(
    private readonly metas: readonly Node[],
    private readonly client: Pick<RpcClient, 'call'>,
  ) {}

  /**
   * The first answer of a meta that leads, whatever its `err` says.
   *
   * @param timeoutMs Pegasus milliseconds for each of them
   * @throws the error of the last one that was asked, when none leads
   */
  async ask<Q, A extends { readonly err: ErrorCode }>(
    rpc: Rpc<Q, A>,
    request: Q,
    timeoutMs: number,
  ): Promise<A> {
    let failure: unknown = new OneboxError('ERR_CLUSTER_NOT_FOUND', 'the cluster has no known meta servers');
    for (const meta of this.inOrder()) {
      try {
        const answer = await this.client.call(meta, rpc, request, { timeoutMs });
        if (!ASK_ANOTHER.includes(answer.err)) {
          this.leader = meta;
          return answer;
        }
        failure = new RpcError(answer.err, rpc.code, meta, `the server answered ${answer.err}`);
      } catch (error) {
        failure = error;
      }
    }
    this.leader = undefined;
    throw failure;
  }

  private inOrder(): readonly Node[] {
    const { leader } = this;
    return leader === undefined ? this.metas : [leader, ...this.metas.filter((meta) => meta !== leader)];
  }
}
