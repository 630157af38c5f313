import type { Clock, Timer } from '@onebox/base';
import type { LinkState } from './failure-detector/meta-link';

interface Waiting {
  settle(ready: boolean): void;
}

/**
 * When a message about a role may be acted on. Without a lease it is ignored (reference/cluster-behaviour.md 3.2). While
 * roles are just being agreed on, or a starting process has not reached its leader yet, it waits a moment instead: that
 * is the same as if it had come that much later, and spares everybody the next try.
 */
export class Readiness {
  private readonly waiting = new Set<Waiting>();

  /** @param waitMs how long at most, Pegasus ms */
  constructor(
    private readonly clock: Clock,
    private readonly link: {
      readonly state: LinkState;
      readonly connected: boolean;
      readonly starting: boolean;
    },
    private readonly waitMs: number,
  ) {}

  /** True: act now. False: ignore. A promise: not known yet. */
  check(): boolean | Promise<boolean> {
    const { state, connected, starting } = this.link;
    if (connected) return true;
    if (state !== 'connecting' && !starting) return false;
    return new Promise((resolve) => {
      const waiting: Waiting = {
        settle: (ready) => {
          timer.cancel();
          this.waiting.delete(waiting);
          resolve(ready);
        },
      };
      const timer: Timer = this.clock.after(this.waitMs, () => waiting.settle(false));
      this.waiting.add(waiting);
    });
  }

  /** Roles are agreed on (true), or the lease is lost (false). */
  settle(ready: boolean): void {
    for (const waiting of [...this.waiting]) waiting.settle(ready);
  }
}
