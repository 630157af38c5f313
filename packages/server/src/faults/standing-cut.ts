/** Whether something is cut off now, for whoever has to act when that changes. */
export interface Cut {
  readonly isCut: boolean;
  /** Called after each change. Gives back the way to stop it. */
  onChange(listener: () => void): () => void;
}

/** A {@link Cut} that is switched on and off. */
export class StandingCut implements Cut {
  private cut = false;
  private readonly listeners = new Set<() => void>();

  get isCut(): boolean {
    return this.cut;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Telling it what it is already does nothing. */
  turn(isCut: boolean): void {
    if (isCut === this.cut) return;
    this.cut = isCut;
    for (const listener of [...this.listeners]) listener();
  }
}
