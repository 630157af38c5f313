import { make, negotiationResponse, NegotiationStatus, RPC } from '@onebox/protocol';
import type { RpcRegistry } from './rpc-registry';

/** Tells clients that ask first that there is no authentication here (reference/rpc-protocol.md 1.12). */
export function serveNegotiation(registry: RpcRegistry): void {
  registry.on(RPC.RPC_NEGOTIATION, () =>
    make(negotiationResponse, { status: NegotiationStatus.SASL_AUTH_DISABLE, msg: Buffer.alloc(0) }),
  );
}
