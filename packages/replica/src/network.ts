import { OneboxError, pause } from '@onebox/base';
import type { Clock, ErrorCode, Gpid, Node } from '@onebox/base';
import type { CallOptions, Rpc, RpcAddress } from '@onebox/protocol';

/** The calls a replica server makes, as `RpcClient` of the protocol room offers them. Times are Pegasus ms. */
export interface Network {
  /** Rejects with an error that carries `errorCode`. */
  call<Q, A>(to: Node, rpc: Rpc<Q, A>, request: Q, options?: CallOptions): Promise<A>;
  /** One way. */
  send<Q>(to: Node, rpc: Rpc<Q, unknown>, request: Q, options?: { gpid?: Gpid }): void;
}

/** How identities become the `rpc_address` fields that go beside the `hp_*` ones. */
export interface AddressBook {
  toRpcAddress(node: Node): RpcAddress;
}

/** `[task..default] rpc_timeout_milliseconds`: what a call may take unless it says otherwise (13). */
export const RPC_TIMEOUT_MS = 5000;

/** How long to wait before a connection that was refused is tried again. */
const RECONNECT_MS = 200;

/** The Pegasus error a failed call carries; ERR_UNKNOWN for anything else that was thrown. */
function errorCodeOf(error: unknown): ErrorCode {
  const carried = error as { readonly errorCode?: ErrorCode };
  return error instanceof OneboxError && carried.errorCode !== undefined ? carried.errorCode : 'ERR_UNKNOWN';
}

/**
 * A call that outlives a peer's restart: upstream's RPC engine sends a message again on a new connection until its time
 * is up, so that only a time-out, or an answer, counts as one.
 *
 * @param windowMs Pegasus ms for all attempts; the error of the last one is thrown after that.
 */
export async function callWithin<Q, A>(
  { network, clock, signal }: { network: Network; clock: Clock; signal: AbortSignal },
  call: { readonly to: Node; readonly rpc: Rpc<Q, A>; readonly request: Q; readonly gpid: Gpid },
  windowMs: number,
): Promise<A> {
  const deadline = clock.monotonicMs() + windowMs;
  for (;;) {
    const timeoutMs = Math.min(RPC_TIMEOUT_MS, deadline - clock.monotonicMs());
    try {
      return await network.call(call.to, call.rpc, call.request, { timeoutMs, gpid: call.gpid });
    } catch (error) {
      const over = clock.monotonicMs() + RECONNECT_MS >= deadline;
      if (over || signal.aborted || !isLost(errorCodeOf(error))) throw error;
    }
    await pause(clock, RECONNECT_MS, signal);
  }
}

function isLost(code: ErrorCode): boolean {
  return code === 'ERR_NETWORK_FAILURE' || code === 'ERR_TIMEOUT';
}
