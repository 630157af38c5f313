import { OneboxError } from '@onebox/base';
import type { Clock, ErrorCode, Node } from '@onebox/base';
import { decodeArgument, encodeArgument } from '@onebox/protocol';
import type { CallOptions, Rpc, Typed } from '@onebox/protocol';
import { NO_REPLY, RpcFrameError } from '@onebox/server';
import type { RpcCallContext, RpcHandler, RpcRegistry } from '@onebox/server';
import type { Network } from '../../src/network';

class FakeRpcError extends OneboxError {
  constructor(readonly errorCode: ErrorCode) {
    super(errorCode, errorCode);
  }
}

type AnyHandler = (request: unknown, context: RpcCallContext) => unknown;

/** What a message was, for tests that look at the order of things. */
export interface Sent {
  readonly from: Node;
  readonly to: Node;
  readonly code: string;
  readonly request: unknown;
}

/** Servers in one process that talk through the real codec; who is down, frozen or cut off is the test's choice. */
export class FakeNetwork {
  readonly sent: Sent[] = [];
  private readonly servers = new Map<Node, Map<string, AnyHandler>>();
  /** Takes connections and never answers. */
  private readonly frozen = new Set<Node>();
  private readonly cuts = new Set<string>();
  /** Called before a request is delivered; what it throws is what the caller gets. */
  intercept: ((sent: Sent) => void | Promise<void>) | undefined;

  constructor(private readonly clock: Clock) {}

  /** A server's registry: enough of it for `registerRpc`. */
  listen(node: Node): RpcRegistry {
    const handlers = new Map<string, AnyHandler>();
    this.servers.set(node, handlers);
    const registry = {
      on<Q, A>(rpc: Rpc<Q, A>, handler: RpcHandler<Q, A>) {
        // What is decoded for this RPC is what its handler takes.
        handlers.set(rpc.code, (request, context) => handler(request as Q, context));
        return registry;
      },
    };
    return registry as unknown as RpcRegistry;
  }

  down(node: Node): void {
    this.servers.delete(node);
  }

  freeze(node: Node): void {
    this.frozen.add(node);
  }

  thaw(node: Node): void {
    this.frozen.delete(node);
  }

  /** Messages from one to the other get lost, one way. */
  cut(from: Node, to: Node): void {
    this.cuts.add(`${from} ${to}`);
  }

  mend(): void {
    this.cuts.clear();
  }

  from(self: Node): Network {
    return {
      call: (to, rpc, request, options = {}) => this.call(self, to, rpc, request, options),
      send: (to, rpc, request) => {
        this.deliver(self, to, rpc, request, {}).catch(() => undefined);
      },
    };
  }

  count(code: string): number {
    return this.sent.filter((sent) => sent.code === code).length;
  }

  private call<Q, A>(from: Node, to: Node, rpc: Rpc<Q, A>, request: Q, options: CallOptions): Promise<A> {
    return new Promise((resolve, reject) => {
      const timer = this.clock.after(options.timeoutMs ?? 5000, () =>
        reject(new FakeRpcError('ERR_TIMEOUT')),
      );
      this.deliver(from, to, rpc, request, options).then(
        (result) => {
          if (result === NO_REPLY) return;
          timer.cancel();
          resolve(copy(rpc.response, result) as A);
        },
        (error: unknown) => {
          timer.cancel();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  private async deliver<Q, A>(
    from: Node,
    to: Node,
    rpc: Rpc<Q, A>,
    request: Q,
    { gpid = { appId: 0, partitionIndex: 0 }, partitionHash = 0n }: CallOptions,
  ): Promise<unknown> {
    const sent = { from, to, code: rpc.code, request: copy(rpc.request, request) };
    this.sent.push(sent);
    await this.intercept?.(sent);
    if (this.cuts.has(`${from} ${to}`) || this.frozen.has(to)) return NO_REPLY;
    const handlers = this.servers.get(to);
    if (handlers === undefined) throw new FakeRpcError('ERR_NETWORK_FAILURE');
    const handler = handlers.get(rpc.code);
    if (handler === undefined) throw new FakeRpcError('ERR_HANDLER_NOT_FOUND');
    const result = await answered(() =>
      handler(sent.request, {
        framing: 'rdsn',
        gpid,
        remote: from,
        from,
        canBeForwarded: false,
        partitionHash,
        isBackupRequest: false,
      }),
    );
    return this.cuts.has(`${to} ${from}`) || rpc.response === null ? NO_REPLY : result;
  }
}

/** What a handler throws for the frame of its answer is what the caller gets. */
async function answered(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof RpcFrameError ? new FakeRpcError(error.errorCode) : error;
  }
}

function copy<T>(type: Typed<T> | null, value: unknown): unknown {
  if (type === null) return undefined;
  return decodeArgument(type, encodeArgument(0, type, value as T, true));
}
