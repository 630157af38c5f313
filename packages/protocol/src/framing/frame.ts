import type { Gpid } from '@onebox/base';
import type { RpcAddress } from '../schema';

/** Pegasus' two framings on TCP: `thft` for clients and tools, `rdsn` between servers (reference/rpc-protocol.md 1.1). */
export type FramingName = 'thft' | 'rdsn';

/** A larger frame is refused from its header, before a byte of it is kept. */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024;

/** Task codes are kept in 48 bytes with a closing NUL upstream. */
export const MAX_RPC_NAME_BYTES = 47;

/** What goes into a request besides its argument. */
export interface RequestHead {
  readonly name: string;
  /** What the answer is matched by: THFT's seqid (32 bits), RDSN's id (64 bits). */
  readonly id: bigint;
  /** RDSN's number of a whole chain of calls; the id when left out. */
  readonly traceId?: bigint;
  /** The partition it is for; app id 0 or below means none. */
  readonly gpid: Gpid;
  /** Milliseconds the caller waits; advisory, and noise from some clients. */
  readonly timeoutMs: number;
  readonly partitionHash: bigint;
  /** A read that any replica, not just the primary, may answer. */
  readonly isBackupRequest: boolean;
  /** The caller's own address; null in THFT, which has no place for it. */
  readonly from: RpcAddress;
}

/** A request as it was found in a frame; its argument is not decoded yet. */
export interface RequestFrame extends RequestHead {
  readonly framing: FramingName;
  /** The caller lets itself be sent to another address by a frame-level ERR_FORWARD_TO_OTHERS (1.8). */
  readonly canBeForwarded: boolean;
  /** The args struct, a thrift binary struct. */
  readonly body: Buffer;
  /** The RDSN header, most of which an answer repeats; empty in THFT. */
  readonly header: Buffer;
}

/** What a server answers: the frame's error name, and a result struct if there is one to send. */
export interface Answer {
  readonly error: string;
  readonly body: Buffer;
}

/** An answer as it was found in a frame. */
export interface ResponseFrame extends Answer {
  readonly id: bigint;
  /** `<RPC>_ACK` */
  readonly name: string;
}

/** The name of the answer to an RPC. */
export function ackName(rpcName: string): string {
  return `${rpcName}_ACK`;
}

/**
 * How long the frame is that begins with `head`, or undefined while `head` is too short to tell.
 * `head` may be any prefix of the stream; bad bytes in it are refused as early as they show.
 *
 * @throws ProtocolError
 */
export type MeasureFrame = (head: Buffer) => number | undefined;

/** One of the two ways to put RPCs on a connection. Pure: bytes in, values out, and back. */
export interface Framing {
  readonly name: FramingName;
  /** Whether `hp_*` fields belong on such connections (1.9). */
  readonly hostPorts: boolean;
  /** The field id of the argument in requests. */
  readonly argumentId: 0 | 1;
  readonly measureRequest: MeasureFrame;
  readonly measureResponse: MeasureFrame;
  writeRequest(head: RequestHead, body: Buffer): Buffer;
  readRequest(frame: Buffer): RequestFrame;
  /** @param self the answering server's own address, which RDSN repeats in every answer */
  writeResponse(request: RequestFrame, answer: Answer, self: RpcAddress): Buffer;
  readResponse(frame: Buffer): ResponseFrame;
}
