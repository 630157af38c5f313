import type { Node } from '@onebox/base';

/** A request of an RPC on its way, as the server sees it that asks what becomes of it. */
export interface PassingRequest {
  readonly direction: 'sent' | 'received';
  /** The server at the other end; undefined for a client or tool, which has no identity. */
  readonly peer: Node | undefined;
  /** The task code. */
  readonly code: string;
  /** How much memory it takes while it is held. */
  readonly bytes: number;
}

/** It comes late: `arrive` is called once, some time later; false says that it was lost after all. */
export interface HeldBack {
  readonly until: (arrive: (arrives: boolean) => void) => void;
}

export type Passage = 'pass' | 'lose' | HeldBack;

/** What stands in the way of messages on purpose. */
export interface RpcObstacles {
  /** What becomes of a request; asked once for each, because it may be decided by lot. */
  request(request: PassingRequest): Passage;
  /** Whether an answer to, or of, this peer does not arrive; asked once for each, because one that is lost is counted. */
  losesAnswer(peer: Node | undefined): boolean;
  /** Whether nothing passes between here and this peer now. No message is meant, and none is counted. */
  isCutOff(peer: Node | undefined): boolean;
}

/**
 * The place in a client or a server where messages can be lost or held back on purpose. All that it costs while nothing stands in
 * their way is to see that `obstacles` is undefined.
 */
export interface RpcGate {
  readonly obstacles: RpcObstacles | undefined;
}
