import type { Clock, Timer } from '@onebox/base';

/** A slow network keeps only so much; what comes on top is lost. */
export const MOST_HELD = 1024;
export const MOST_HELD_BYTES = 32 * 1024 * 1024;

interface Held {
  readonly timer: Timer;
  readonly bytes: number;
  readonly faults: readonly string[];
  readonly arrive: (arrives: boolean) => void;
}

/** Messages that are held back for a time. Bounded in number and bytes; closed by its owner. */
export class HeldMessages {
  /** In the order in which they came. */
  private readonly held = new Set<Held>();
  private bytes = 0;
  private closed = false;

  constructor(private readonly clock: Clock) {}

  get count(): number {
    return this.held.size;
  }

  /** Whether one more of so many bytes can be held. */
  hasRoomFor(bytes: number): boolean {
    return !this.closed && this.held.size < MOST_HELD && this.bytes + bytes <= MOST_HELD_BYTES;
  }

  /**
   * @param realMs real milliseconds
   * @param faults the ids of those that hold it
   * @param arrive called once: with true in time, with false when this is closed first
   */
  hold(realMs: number, bytes: number, faults: readonly string[], arrive: Held['arrive']): void {
    const timer = this.clock.after(realMs / this.clock.scale, () => this.release(held, true));
    const held: Held = { timer, bytes, faults, arrive };
    this.held.add(held);
    this.bytes += bytes;
  }

  /** A fault is over: what it has held back arrives now, in the order in which it came. */
  releaseHeldBy(fault: string): void {
    for (const held of [...this.held]) if (held.faults.includes(fault)) this.release(held, true);
  }

  /** What is held is lost. Idempotent. */
  close(): void {
    this.closed = true;
    for (const held of [...this.held]) this.release(held, false);
  }

  private release(held: Held, arrives: boolean): void {
    if (!this.held.delete(held)) return;
    this.bytes -= held.bytes;
    held.timer.cancel();
    held.arrive(arrives);
  }
}
