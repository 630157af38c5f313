/** A timer that was armed on a {@link Clock}. Cancelling twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The source of time of a server. All durations that go in and come out are *Pegasus milliseconds*: the values that
 * flags and upstream constants have. A clock with scale 0.1 lets them pass ten times faster, so no timer can be
 * forgotten when a cluster runs in `fast` timing.
 */
export interface Clock {
  /** Real milliseconds per Pegasus millisecond. */
  readonly scale: number;
  /** Pegasus milliseconds since an arbitrary origin; never goes back. */
  monotonicMs(): number;
  /** Wall-clock time in real unix milliseconds: for everything that is stored or shown, never for a timer. */
  unixMs(): number;
  /** Calls `fire` once, `delayMs` Pegasus milliseconds from now. */
  after(delayMs: number, fire: () => void): Timer;
  /** Calls `fire` every `periodMs` Pegasus milliseconds, the first time after one period. */
  every(periodMs: number, fire: () => void): Timer;
}

/** The longest real delay Node has a timer for, 24 days; it would take a longer one for 1 ms. */
const LONGEST_REAL_MS = 2 ** 31 - 1;

/** The clock of a running process. Its timers do not keep the process alive. */
export class ScaledClock implements Clock {
  constructor(readonly scale: number = 1) {}

  monotonicMs(): number {
    return performance.now() / this.scale;
  }

  unixMs(): number {
    return Date.now();
  }

  after(delayMs: number, fire: () => void): Timer {
    const handle = setTimeout(fire, this.real(delayMs, 0));
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  }

  every(periodMs: number, fire: () => void): Timer {
    const handle = setInterval(fire, this.real(periodMs, 1));
    handle.unref();
    return { cancel: () => clearInterval(handle) };
  }

  private real(ms: number, shortest: number): number {
    return Math.min(LONGEST_REAL_MS, Math.max(shortest, ms * this.scale));
  }
}

interface Armed {
  readonly due: number;
  readonly order: number;
  readonly fire: () => void;
  readonly periodMs: number | undefined;
}

/** A clock that only moves when a test says so. */
export class FakeClock implements Clock {
  readonly scale = 1;
  private now = 0;
  private order = 0;
  private readonly armed = new Map<number, Armed>();

  constructor(private readonly unixOriginMs = Date.UTC(2024, 4, 1, 10, 0, 0)) {}

  monotonicMs(): number {
    return this.now;
  }

  unixMs(): number {
    return this.unixOriginMs + this.now;
  }

  after(delayMs: number, fire: () => void): Timer {
    return this.arm(delayMs, fire, undefined);
  }

  every(periodMs: number, fire: () => void): Timer {
    return this.arm(periodMs, fire, periodMs);
  }

  /** Moves time forward and fires, in order, every timer that falls due on the way. */
  advance(ms: number): void {
    const target = this.now + ms;
    for (;;) {
      const next = [...this.armed.entries()]
        .filter(([, timer]) => timer.due <= target)
        .sort(([, a], [, b]) => a.due - b.due || a.order - b.order)[0];
      if (next === undefined) break;
      const [id, timer] = next;
      this.armed.delete(id);
      this.now = Math.max(this.now, timer.due);
      if (timer.periodMs !== undefined) this.armed.set(id, { ...timer, due: timer.due + timer.periodMs });
      timer.fire();
    }
    this.now = target;
  }

  /** As {@link advance}, letting promises settle after each millisecond-step that fires something. */
  async advanceAsync(ms: number, stepMs = 1): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.advance(Math.min(stepMs, ms - passed));
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    }
  }

  /** How many timers are armed: 0 after everything was closed. */
  get pending(): number {
    return this.armed.size;
  }

  private arm(delayMs: number, fire: () => void, periodMs: number | undefined): Timer {
    const id = (this.order += 1);
    this.armed.set(id, { due: this.now + Math.max(0, delayMs), order: id, fire, periodMs });
    return { cancel: () => void this.armed.delete(id) };
  }
}
