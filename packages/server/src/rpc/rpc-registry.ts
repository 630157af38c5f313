import type { Socket } from 'node:net';
import { describeError, toNode } from '@onebox/base';
import type { Logger, Node } from '@onebox/base';
import { LAST_CLIENT_PORT, MAX_FRAME_BYTES, decodeArgument } from '@onebox/protocol';
import type {
  AddressResolver,
  Answer,
  RequestFrame,
  Rpc,
  RpcAddress,
  RpcGate,
  RpcObstacles,
} from '@onebox/protocol';
import { frameError, notLeaderAnswer, resultAnswer } from './rpc-answer';
import { RpcConnection } from './rpc-connection';
import type { RequestSource } from './rpc-connection';
import type { RequestWatch, RpcObserver } from './rpc-observer';
import { ForwardToLeader, NO_REPLY, RpcFrameError } from './rpc-handler';
import type { RpcCallContext, RpcHandler } from './rpc-handler';

export interface RpcRegistryOptions {
  readonly log: Logger;
  /** This server: RDSN answers name it as their sender. */
  readonly self?: Node;
  /** Needed to answer with addresses: for `self`, and for {@link ForwardToLeader}. */
  readonly addresses?: AddressResolver;
  /** Whether `hp_*` fields are sent on THFT connections too; released tools break on them (reference/rpc-protocol.md 1.9). Default false. */
  readonly hostPortsOnThft?: boolean;
  readonly observer?: RpcObserver;
  /** What may stand in the way of requests that come in and of their answers. */
  readonly gate?: RpcGate;
}

/** Decodes a request's argument at once, and gives the work that answers it. @throws ProtocolError */
type Served = (request: RequestFrame, source: RequestSource) => Promise<Answer | undefined>;

/** The RPCs a server serves, and the connections it serves them on. */
export class RpcRegistry {
  private readonly served = new Map<string, Served>();
  private readonly connections = new Set<RpcConnection>();
  private closed = false;

  constructor(private readonly options: RpcRegistryOptions) {}

  /** The RPC connections that are open. */
  get connectionCount(): number {
    return this.connections.size;
  }

  /** Serves an RPC. One without a response type is never answered, whatever the handler returns. A second handler for the same RPC is a TypeError. */
  on<Q, A>(rpc: Rpc<Q, A>, handler: RpcHandler<Q, A>): this {
    if (this.served.has(rpc.code)) throw new TypeError(`${rpc.code} already has a handler`);
    this.served.set(rpc.code, (request, source) => {
      const argument = decodeArgument(rpc.request, request.body);
      const watch = this.options.observer?.begun({
        code: rpc.code,
        gpid: request.gpid,
        bytes: request.body.length,
        arrivedAtMs: source.arrivedAtMs,
      });
      const answering = this.run(rpc, handler, argument, request, source);
      return watch === undefined ? answering : watched(watch, answering);
    });
    return this;
  }

  /**
   * Takes over a TCP connection, until it ends.
   *
   * @param firstBytes what was already taken off the socket (and not put back) to see that it speaks RPC; may be any length, or nothing
   */
  serve(socket: Socket, firstBytes: Buffer = Buffer.alloc(0)): void {
    if (this.closed) {
      socket.destroy();
      return;
    }
    const connection = new RpcConnection(socket, {
      serve: (request, source) => this.receive(request, source),
      losesAnswer: (request) => this.losesAnswer(request),
      self: () => this.selfAddress(),
      log: this.options.log,
      onEnd: (ended) => this.connections.delete(ended),
    });
    this.connections.add(connection);
    connection.start(firstBytes);
  }

  /** Closes every connection, and refuses new ones. */
  close(): void {
    this.closed = true;
    for (const connection of [...this.connections]) connection.end();
  }

  private receive(request: RequestFrame, source: RequestSource): Promise<Answer | undefined> {
    const obstacles = this.options.gate?.obstacles;
    return obstacles === undefined
      ? this.answer(request, source)
      : this.receivePast(obstacles, request, source);
  }

  /** A request that is lost or held back on purpose: to its connection it is one that takes long, or gets no answer. */
  private receivePast(
    obstacles: RpcObstacles,
    request: RequestFrame,
    source: RequestSource,
  ): Promise<Answer | undefined> {
    const { name: code, body } = request;
    const peer = senderOf(request);
    const passage = obstacles.request({ direction: 'received', peer, code, bytes: body.length });
    if (passage === 'pass') return this.answer(request, source);
    if (passage === 'lose') return Promise.resolve(undefined);
    return new Promise<boolean>((resolve) => passage.until(resolve)).then((arrives) =>
      arrives && !this.closed ? this.answer(request, source) : undefined,
    );
  }

  private losesAnswer(request: RequestFrame): boolean {
    const obstacles = this.options.gate?.obstacles;
    return obstacles !== undefined && obstacles.losesAnswer(senderOf(request));
  }

  private answer(request: RequestFrame, source: RequestSource): Promise<Answer | undefined> {
    const served = this.served.get(request.name);
    if (served === undefined) return Promise.resolve(frameError('ERR_HANDLER_NOT_FOUND'));
    return served(request, source);
  }

  private async run<Q, A>(
    rpc: Rpc<Q, A>,
    handler: RpcHandler<Q, A>,
    argument: Q,
    request: RequestFrame,
    source: RequestSource,
  ): Promise<Answer | undefined> {
    const hostPorts = source.framing.hostPorts || this.options.hostPortsOnThft === true;
    try {
      const result = await handler(argument, contextOf(request, source));
      if (result === NO_REPLY || rpc.response === null) return undefined;
      const answer = resultAnswer(rpc.response, result, hostPorts);
      if (answer.body.length > MAX_FRAME_BYTES / 2)
        throw new RangeError(`result of ${answer.body.length} bytes`);
      return answer;
    } catch (error) {
      if (error instanceof RpcFrameError)
        return rpc.response === null ? undefined : frameError(error.errorCode);
      if (error instanceof ForwardToLeader && rpc.response !== null) {
        return notLeaderAnswer(request, this.addressOf(error.leader), rpc.response, hostPorts);
      }
      const what = error instanceof Error ? (error.stack ?? error.message) : describeError(error);
      this.options.log.error(`rpc: ${rpc.code} from ${source.remote} failed: ${what.replaceAll('\n', ' |')}`);
      return rpc.response === null ? undefined : frameError('ERR_UNKNOWN');
    }
  }

  private selfAddress(): RpcAddress {
    return this.addressOf(this.options.self);
  }

  private addressOf(node: Node | undefined): RpcAddress {
    return node === undefined ? null : (this.options.addresses?.toRpcAddress(node) ?? null);
  }
}

/** The answer, and the watch told of it. The handler has run up to where it first waits. */
async function watched(
  watch: RequestWatch,
  answering: Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  watch.executed();
  const answer = await answering;
  watch.answered(answer?.body.length);
  return answer;
}

/** The server that calls; undefined for clients. */
function senderOf({ from }: RequestFrame): Node | undefined {
  return from !== null && from.port > LAST_CLIENT_PORT
    ? toNode({ host: from.ip, port: from.port })
    : undefined;
}

function contextOf(request: RequestFrame, source: RequestSource): RpcCallContext {
  return {
    framing: request.framing,
    gpid: request.gpid,
    remote: source.remote,
    from: senderOf(request),
    canBeForwarded: request.canBeForwarded,
    partitionHash: request.partitionHash,
    isBackupRequest: request.isBackupRequest,
  };
}
