import type { HeldBack } from '../rpc-gate';
import type { ClientConnection, Expected } from './client-connection';

/** What waits for a request that arrives after its caller has given up. */
const NOBODY: Expected = { id: undefined, onDone: () => undefined, onLost: () => undefined };

/**
 * The way of one request that was lost or is held back on purpose, in place of a connection. Its caller is told nothing: a call
 * ends with its own time-out. A request that is held back is sent late, also when its caller has given up meanwhile, as on a slow network.
 */
export class DetainedRequest {
  private expected: Expected | undefined;
  private onward: ClientConnection | undefined;
  private ended = false;

  /**
   * @param heldBack undefined: it is lost
   * @param onOver called when nothing will happen here any more
   */
  constructor(
    private heldBack: HeldBack | undefined,
    private readonly connect: () => ClientConnection,
    private readonly onOver: (request: DetainedRequest) => void,
  ) {}

  get idle(): boolean {
    return this.onward?.idle ?? false;
  }

  /** While it is detained nobody can tell whether there is a connection. */
  get isConnected(): boolean {
    return this.onward?.isConnected ?? true;
  }

  send(bytes: Buffer, expected: Expected): void {
    if (expected.id !== undefined) this.expected = expected;
    this.heldBack?.until((arrives) => {
      this.heldBack = undefined;
      if (arrives && !this.ended) {
        this.onward = this.connect();
        this.onward.send(bytes, this.expected ?? NOBODY);
      }
      this.endIfOver();
    });
    // A one-way request is done when it has left its sender.
    if (expected.id === undefined) expected.onDone(undefined);
    this.endIfOver();
  }

  /** As {@link ClientConnection.forget}. */
  forget(expected: Expected): boolean {
    if (this.onward !== undefined) return this.onward.forget(expected);
    const waited = this.expected === expected;
    this.expected = undefined;
    this.endIfOver();
    return waited;
  }

  /** Its client was closed, or the way it has taken did not come to stand. Ending twice does nothing. */
  end(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    if (this.onward !== undefined) this.onward.end(reason);
    else this.expected?.onLost(reason);
    this.onOver(this);
  }

  private endIfOver(): void {
    if (this.onward !== undefined || (this.heldBack === undefined && this.expected === undefined)) {
      this.onOver(this);
    }
  }
}
