import type { Gpid } from '@onebox/base';

/** A request that a server begins to handle. */
export interface BegunRequest {
  /** Its task code. */
  readonly code: string;
  readonly gpid: Gpid;
  /** Of its body. */
  readonly bytes: number;
  /** When its bytes were read, by `performance.now()`. */
  readonly arrivedAtMs: number;
}

/** Told how one request goes on; each once, in this order. */
export interface RequestWatch {
  /** The handler has run up to where it waits for something, or is through. */
  executed(): void;
  /** @param bytes of the answer's body; undefined: it gets no answer */
  answered(bytes: number | undefined): void;
}

/** Told of every request that has a handler. */
export interface RpcObserver {
  begun(request: BegunRequest): RequestWatch;
}
