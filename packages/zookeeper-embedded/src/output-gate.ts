import type { Journal } from './journal/journal';

/** Somebody with answers and watch events to send. */
export interface Outlet {
  /** Takes what was written so far out of its reach: it goes with the next {@link send}. */
  seal(): void;
  /** Sends what was sealed. */
  send(): void;
}

/**
 * The one way out. What a client is told may rest on any transaction that was applied before, its own or somebody else's, so
 * nothing leaves before all of them are durable. Answers that come while the journal flushes leave together behind it; while
 * it has nothing to do everything leaves at once.
 */
export class OutputGate {
  private waitingOutlets: Outlet[] = [];
  private flushing = false;

  /** @param onFailure the journal failed; what waits here is never sent */
  constructor(
    private readonly journal: Pick<Journal, 'pending'>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** An outlet has something to send. To be called once until its next {@link Outlet.seal}. */
  add(outlet: Outlet): void {
    this.waitingOutlets.push(outlet);
  }

  /** Lets out what may leave; to be called at the end of each turn that wrote something. */
  open(): void {
    if (this.flushing || this.waitingOutlets.length === 0) return;
    const outlets = this.waitingOutlets;
    this.waitingOutlets = [];
    for (const outlet of outlets) outlet.seal();
    const { pending } = this.journal;
    if (pending === undefined) {
      for (const outlet of outlets) outlet.send();
      return;
    }
    this.flushing = true;
    pending.then(() => {
      this.flushing = false;
      for (const outlet of outlets) outlet.send();
      this.open();
    }, this.onFailure);
  }
}
