import type { ErrorCode, Node } from '@onebox/base';
import { errorResult } from '@onebox/protocol';
import type { Rpc } from '@onebox/protocol';
import { ForwardToLeader } from '@onebox/server';
import type { NO_REPLY, RpcCallContext, RpcRegistry } from '@onebox/server';
import type { Leader } from '../leader';

/** Who leads, as RPC handlers need to know it. */
export interface Leadership {
  /** This server's leader part; undefined on a standby. */
  leader(): Leader | undefined;
  /** The leader as last seen. */
  owner(): Node | undefined;
}

/** A handler of the leader, which is ready when it is called. */
export type LeaderHandler<Q, A> = (
  leader: Leader,
  request: Q,
  context: RpcCallContext,
) => A | typeof NO_REPLY | Promise<A | typeof NO_REPLY>;

/** Registers RPCs that only the leader serves (reference/rpc-protocol.md 4.1). */
export class LeaderOnly {
  constructor(
    private readonly registry: RpcRegistry,
    private readonly leadership: Leadership,
  ) {}

  /**
   * Serves an RPC on the leader; a standby forwards, a leader that is still loading answers ERR_SERVICE_NOT_ACTIVE.
   *
   * @param onStandby the answer of a standby that says more than `err`
   */
  on<Q, A>(
    rpc: Rpc<Q, A>,
    handler: LeaderHandler<Q, A>,
    onStandby?: (owner: Node | undefined, context: RpcCallContext) => A,
  ): this {
    this.registry.on(rpc, (request, context) => {
      const leader = this.leadership.leader();
      if (leader === undefined) {
        const owner = this.leadership.owner();
        if (onStandby !== undefined && !context.canBeForwarded) return onStandby(owner, context);
        throw new ForwardToLeader(owner);
      }
      return leader.ready ? handler(leader, request, context) : refusal(rpc, 'ERR_SERVICE_NOT_ACTIVE');
    });
    return this;
  }
}

/** A well-formed answer that only says why not: silence or a bare frame error crashes tools (rpc-protocol.md 7, trap 4). */
export function refusal<A>(rpc: Rpc<unknown, A>, error: ErrorCode): A {
  const result = rpc.response === null ? undefined : errorResult(rpc.response, error);
  if (result === undefined) throw new TypeError(`${rpc.code} has no response with an error`);
  return result;
}
