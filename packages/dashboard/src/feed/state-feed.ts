import type { DashboardPatch, DashboardState } from '../model';
import { stateDiff } from './state-diff';

/** Hears of every look: the state, and what is new since the look before; undefined when nothing is. */
export type LookListener = (state: DashboardState, patch: DashboardPatch | undefined) => void;

export interface StateFeedOptions {
  /** Looks at the cluster; what did not change since its last answer is the same object in the next one. */
  readonly look: () => Promise<DashboardState>;
  /** Real milliseconds from the end of a look to the next one. */
  readonly everyMs: number;
  /** Called before the first look of somebody, and after the last one of everybody: what is only needed meanwhile. */
  readonly onBegin?: () => void;
  readonly onEnd?: () => void;
  /** A look failed: the next one may not. */
  readonly onError: (error: unknown) => void;
}

/** Looks at the cluster again and again while somebody watches, once for all of them; while nobody does, not at all. */
export class StateFeed {
  private readonly listeners = new Set<LookListener>();
  private latest: DashboardState | undefined;
  private looking: Promise<DashboardState> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private inRound = false;
  /** Who watches, and looks under way. */
  private users = 0;
  private closed = false;

  constructor(private readonly options: StateFeedOptions) {}

  /** The state now. What it takes to look is shared by all who ask meanwhile. */
  now(): Promise<DashboardState> {
    if (this.looking === undefined) {
      this.begin();
      this.looking = this.look().finally(() => {
        this.looking = undefined;
        this.end();
      });
    }
    return this.looking;
  }

  /** @returns ends it; idempotent */
  watch(listener: LookListener): () => void {
    this.listeners.add(listener);
    this.begin();
    // Others watch: what they saw last is as good as a look. Else the loop begins.
    if (this.listeners.size > 1 && this.latest !== undefined) listener(this.latest, undefined);
    else this.goOn(0);
    return () => {
      if (!this.listeners.delete(listener)) return;
      this.end();
      if (this.listeners.size === 0) this.pause();
    };
  }

  /** Ends the loop; idempotent. */
  close(): void {
    this.closed = true;
    for (const listener of [...this.listeners]) if (this.listeners.delete(listener)) this.end();
    this.pause();
  }

  private begin(): void {
    this.users += 1;
    if (this.users === 1) this.options.onBegin?.();
  }

  private end(): void {
    this.users -= 1;
    if (this.users === 0) this.options.onEnd?.();
  }

  private async look(): Promise<DashboardState> {
    const before = this.latest;
    const state = await this.options.look();
    this.latest = state;
    const patch = before === undefined ? undefined : stateDiff(before, state);
    for (const listener of [...this.listeners]) listener(state, patch);
    return state;
  }

  private goOn(afterMs: number): void {
    const wanted = this.listeners.size > 0 && !this.closed;
    if (!wanted || this.inRound || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.inRound = true;
      this.now()
        .catch((error: unknown) => this.options.onError(error))
        .finally(() => {
          this.inRound = false;
          this.goOn(this.options.everyMs);
        });
    }, afterMs);
  }

  private pause(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
