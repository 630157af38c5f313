import type { ErrorCode, Gpid, Node } from '@onebox/base';
import type { FramingName } from '@onebox/protocol';

/** What a handler returns when the caller shall get no answer at all (`replica.deny_client_request` = `timeout*…`). */
export const NO_REPLY: unique symbol = Symbol('no reply');

/** What a handler may know about a call besides its request. */
export interface RpcCallContext {
  readonly framing: FramingName;
  /** The partition in the frame's header; app id 0 or below means none (reference/rpc-protocol.md 1.3). */
  readonly gpid: Gpid;
  /** `ip:port` of the TCP peer, for log lines. */
  readonly remote: string;
  /**
   * The server that calls, as `ip:port`, from RDSN's header; undefined for clients. The header has no host name, so the identity of a server
   * comes from its struct's `hp_*` field (`wireNode`), not from here.
   */
  readonly from: Node | undefined;
  /** Whether the frame can carry a {@link ForwardToLeader}: RDSN from a pure client. */
  readonly canBeForwarded: boolean;
  readonly partitionHash: bigint;
  /** A read that any replica may answer. */
  readonly isBackupRequest: boolean;
}

/**
 * Serves one RPC. Handlers of one connection begin in the order of its requests and run concurrently; each answer goes out when it is there.
 *
 * @throws RpcFrameError for an error name in the frame, ForwardToLeader; anything else is a bug: it is logged, and the caller gets ERR_UNKNOWN
 */
export type RpcHandler<Q, A> = (
  request: Q,
  context: RpcCallContext,
) => A | typeof NO_REPLY | Promise<A | typeof NO_REPLY>;

/** Thrown by a handler: the answer is this error name in the frame, without a result (reference/rpc-protocol.md 1.6). */
export class RpcFrameError extends Error {
  constructor(readonly errorCode: ErrorCode) {
    super(errorCode);
  }
}

/**
 * Thrown by a meta that is not the leader (reference/rpc-protocol.md 1.8, 4.1). A pure RDSN client is told the leader's address in the
 * frame and asks there by itself; everybody else, and everybody while the leader is unknown, gets `err` = ERR_FORWARD_TO_OTHERS in an
 * otherwise empty result.
 */
export class ForwardToLeader extends Error {
  constructor(readonly leader: Node | undefined) {
    super('ERR_FORWARD_TO_OTHERS');
  }
}
