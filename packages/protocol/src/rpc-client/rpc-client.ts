import { describeError, nodeAddress } from '@onebox/base';
import type { Clock, ErrorCode, Gpid, Logger, Node } from '@onebox/base';
import { DnsAddressResolver } from '../address/address-resolver';
import type { AddressResolver } from '../address/address-resolver';
import { decodeArgument, encodeArgument } from '../codec/argument';
import { ProtocolError } from '../codec/protocol-error';
import { ackName } from '../framing/frame';
import type { Framing, FramingName, RequestHead, ResponseFrame } from '../framing/frame';
import { FRAMINGS } from '../framing/framings';
import type { Rpc } from '../rpc-catalog';
import type { RpcGate } from '../rpc-gate';
import type { RpcAddress } from '../schema';
import { ClientConnection } from './client-connection';
import type { Expected } from './client-connection';
import { DetainedRequest } from './detained-request';
import { RpcError } from './rpc-error';

/** Upstream's default for calls without a time-out of their own. */
export const DEFAULT_TIMEOUT_MS = 5000;

/** The port a client that listens nowhere names as its own (reference/rpc-protocol.md 1.8). */
const PURE_CLIENT: RpcAddress = { ip: '127.0.0.1', port: 1 };

/** Told what an RPC client does. */
export interface RpcClientObserver {
  /** A connection to this `ip:port` is being made; what it gives back is called once, when that connection has ended. */
  dialled(remote: string): () => void;
  /** A call was answered, or has failed: then `roundTripMs` (real milliseconds) is undefined. */
  ended(ackCode: string, roundTripMs: number | undefined): void;
}

export interface RpcClientOptions {
  readonly framing: FramingName;
  readonly clock: Clock;
  /** The server that calls; a client that listens nowhere leaves it out. */
  readonly self?: Node;
  readonly addresses?: AddressResolver;
  /** The host to dial for a node instead of the one it is called by; undefined for that one. */
  readonly dial?: (node: Node) => string | undefined;
  readonly log?: Logger;
  /** Whether `hp_*` fields are sent; by default only in RDSN (1.9). */
  readonly hostPorts?: boolean;
  readonly observer?: RpcClientObserver;
  /** What may stand in the way of requests that are sent and answers that come back. */
  readonly gate?: RpcGate;
}

export interface CallOptions {
  /** Pegasus milliseconds for everything: resolving, connecting, waiting for the answer. Default 5000. */
  readonly timeoutMs?: number;
  /** The partition the request is for. */
  readonly gpid?: Gpid;
  /** What a replica server checks the partition by when its table asks for that (1.6); 0 when left out. */
  readonly partitionHash?: bigint;
}

/** Calls procedures of servers, over one connection to each that is made when needed and made again when lost. */
export class RpcClient {
  private readonly framing: Framing;
  private readonly hostPorts: boolean;
  private readonly addresses: AddressResolver;
  private readonly connections = new Map<Node, ClientConnection>();
  private readonly detained = new Set<DetainedRequest>();
  /** Whose connection broke without their hearing of it: nothing but their time-out, or the end of this client, ends them. */
  private readonly unheard = new Set<Expected>();
  private lastId = 0n;
  private closed = false;

  constructor(private readonly options: RpcClientOptions) {
    this.framing = FRAMINGS[options.framing];
    this.hostPorts = options.hostPorts ?? this.framing.hostPorts;
    this.addresses = options.addresses ?? new DnsAddressResolver();
  }

  /**
   * Calls a procedure and gives its result.
   *
   * @throws RpcError ERR_TIMEOUT, ERR_NETWORK_FAILURE (at once, when there is nobody or the connection is lost), or the
   * error name of the answering frame. Nothing is tried twice.
   */
  async call<Q, A>(to: Node, rpc: Rpc<Q, A>, request: Q, options: CallOptions = {}): Promise<A> {
    if (rpc.response === null) throw new TypeError(`${rpc.code} is never answered: use send`);
    const response = await this.exchange(to, rpc, request, options, true);
    // Only a one-way exchange ends without a response.
    if (response === undefined) throw new TypeError(`${rpc.code} ended without a response`);
    return response.value;
  }

  /** Sends a request nobody answers. That it could not be sent is only logged. */
  send<Q>(to: Node, rpc: Rpc<Q, unknown>, request: Q, options: Pick<CallOptions, 'gpid'> = {}): void {
    this.exchange(to, rpc, request, options, false).catch((error: unknown) => {
      this.options.log?.debug(`rpc: not sent: ${describeError(error)}`);
    });
  }

  /** Closes every connection; all calls in flight, and later ones, are rejected with ERR_NETWORK_FAILURE. */
  close(): void {
    this.closed = true;
    const reason = 'this client was closed';
    for (const way of [...this.connections.values(), ...this.detained]) way.end(reason);
    for (const expected of this.unheard) expected.onLost(reason);
    this.unheard.clear();
  }

  private exchange<Q, A>(
    to: Node,
    rpc: Rpc<Q, A>,
    request: Q,
    options: CallOptions,
    answered: boolean,
  ): Promise<{ readonly value: A } | undefined> {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      const fail = (code: ErrorCode, reason: string): void =>
        reject(new RpcError(code, rpc.code, to, reason));
      if (this.closed) {
        fail('ERR_NETWORK_FAILURE', 'this client was closed');
        return;
      }
      // A seqid has 32 bits; RDSN's id is kept to the same, which is plenty for what can be in flight.
      this.lastId = (this.lastId % 0x7fffffffn) + 1n;
      const id = this.lastId;
      const frame = this.framing.writeRequest(
        this.head(rpc.code, id, timeoutMs, options),
        encodeArgument(this.framing.argumentId, rpc.request, request, this.hostPorts),
      );
      const connection = this.wayTo(to, rpc.code, frame.length);
      const began = performance.now();
      const ended = (roundTripMs?: number): void => {
        if (answered) this.options.observer?.ended(ackName(rpc.code), roundTripMs);
      };
      const expected: Expected = {
        id: answered ? id : undefined,
        onDone: (response) => {
          if (response === undefined) {
            timer.cancel();
            resolve(undefined);
            return;
          }
          // A malformed answer ends the connection, and that rejects this call with all others.
          const outcome = readOutcome(rpc, response);
          timer.cancel();
          ended(performance.now() - began);
          if ('value' in outcome) resolve(outcome);
          else fail(outcome.error, `the server answered ${outcome.error}`);
        },
        onLost: (reason) => {
          // Who is cut off does not see a connection break either.
          if (!this.closed && this.isCutOff(to)) {
            this.unheard.add(expected);
            return;
          }
          timer.cancel();
          ended();
          fail('ERR_NETWORK_FAILURE', reason);
        },
      };
      const expire = (): void => {
        if (!connection.forget(expected) && !this.unheard.delete(expected)) return;
        ended();
        const late = connection.isConnected ? 'not answered' : 'no connection';
        fail('ERR_TIMEOUT', `${late} within ${this.timeText(timeoutMs)}`);
        // An attempt to connect that nobody waits for any more would only delay the next caller.
        if (connection.idle && !connection.isConnected) connection.end('connecting took too long');
      };
      const timer = this.options.clock.after(timeoutMs, () => afterReading(expire));
      connection.send(frame, expected);
    });
  }

  /** A time-out for people, who count in real time. */
  private timeText(ms: number): string {
    const { scale } = this.options.clock;
    const realMs = Math.round(ms * scale);
    return scale === 1 ? `${realMs} ms` : `${realMs} ms (${Math.round(ms)} ms of Pegasus time)`;
  }

  private head(name: string, id: bigint, timeoutMs: number, options: CallOptions): RequestHead {
    const { self } = this.options;
    return {
      name,
      id,
      gpid: options.gpid ?? { appId: 0, partitionIndex: 0 },
      timeoutMs,
      partitionHash: options.partitionHash ?? 0n,
      isBackupRequest: false,
      from: self === undefined ? PURE_CLIENT : this.addresses.toRpcAddress(self),
    };
  }

  /** How a request gets there: over the connection, unless something stands in its way. */
  private wayTo(to: Node, code: string, bytes: number): ClientConnection | DetainedRequest {
    const obstacles = this.options.gate?.obstacles;
    const passage = obstacles?.request({ direction: 'sent', peer: to, code, bytes }) ?? 'pass';
    if (passage === 'pass') return this.connectionTo(to);
    const detained = new DetainedRequest(
      passage === 'lose' ? undefined : passage,
      () => this.connectionTo(to),
      (over) => this.detained.delete(over),
    );
    this.detained.add(detained);
    return detained;
  }

  private isCutOff(to: Node): boolean {
    return this.options.gate?.obstacles?.isCutOff(to) ?? false;
  }

  private connectionTo(to: Node): ClientConnection {
    const known = this.connections.get(to);
    if (known !== undefined) return known;
    const { host, port } = nodeAddress(to);
    const made = new ClientConnection(
      this.framing,
      () => this.addresses.resolveHost(this.options.dial?.(to) ?? host),
      port,
      () => {
        if (this.connections.get(to) === made) this.connections.delete(to);
      },
      (ip) => this.options.observer?.dialled(`${ip}:${port}`),
      () => this.options.gate?.obstacles?.losesAnswer(to) ?? false,
    );
    this.connections.set(to, made);
    return made;
  }
}

/**
 * Runs `work` when all that has come by now was read. A process that was held up fires its timers before it reads its sockets, and an answer
 * that came in time must not lose against the timer. Between two immediates lies one look at the sockets.
 */
function afterReading(work: () => void): void {
  setImmediate(() => setImmediate(work));
}

/** What an answer says. @throws ProtocolError when it is not an answer to this RPC */
function readOutcome<Q, A>(
  rpc: Rpc<Q, A>,
  response: ResponseFrame,
): { readonly value: A } | { readonly error: ErrorCode } {
  if (response.name !== ackName(rpc.code)) {
    throw new ProtocolError(`an answer named ${JSON.stringify(response.name)}`);
  }
  if (response.error !== 'ERR_OK') return { error: errorName(response.error) };
  if (rpc.response === null) throw new ProtocolError('an answer to a one-way request');
  return { value: decodeArgument(rpc.response, response.body) };
}

/** Names this build does not know pass, as long as they look like one: a newer server may have more. @throws ProtocolError */
function errorName(name: string): ErrorCode {
  if (!/^ERR_[A-Z0-9_]{1,44}$/.test(name)) throw new ProtocolError(`an error named ${JSON.stringify(name)}`);
  return name as ErrorCode;
}
