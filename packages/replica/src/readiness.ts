import type { Clock, Timer } from '@onebox/base';
import type { LinkState } from './failure-detector/meta-link';

interface Waiting {
  /** Waits for the next lease too, when this one is lost. */
  readonly patient: boolean;
  settle(ready: boolean): void;
}

/**
 * When a message about a role may be acted on: with a lease, and roles agreed on (reference/cluster-behaviour.md 3.2).
 * While that is just about to happen a message waits a moment instead of being ignored; it is the same as if it had come
 * that much later, and spares everybody the next try.
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

  /**
   * For proposals: true to act now, false to ignore, a promise while roles are just being agreed on or this process has
   * not reached its leader yet.
   */
  check(): boolean | Promise<boolean> {
    const { state, connected, starting } = this.link;
    if (connected) return true;
    return state === 'connecting' || starting ? this.wait(false) : false;
  }

  /**
   * For group checks: they wait for a lost lease to come back as well. When all replica servers lost their leases, the
   * first primary that has its role back asks the others a few ms before they have theirs.
   */
  checkPatiently(): boolean | Promise<boolean> {
    return this.link.connected || this.wait(true);
  }

  /** Roles are agreed on. */
  ready(): void {
    for (const waiting of [...this.waiting]) waiting.settle(true);
  }

  /** The lease is lost. */
  lost(): void {
    for (const waiting of [...this.waiting]) if (!waiting.patient) waiting.settle(false);
  }

  close(): void {
    for (const waiting of [...this.waiting]) waiting.settle(false);
  }

  private wait(patient: boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        patient,
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
}
