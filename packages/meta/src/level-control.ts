import type { FunctionLevel } from './cluster-view';
import { effectiveFunctionLevel, whyFreezed } from './function-level';
import type { FreezeThresholds } from './function-level';

/** The function level an operator set, and the one in force. Memory only: a new leader starts anew (section 5). */
export class LevelControl {
  constructor(
    private setLevel: FunctionLevel,
    private readonly nodeCounts: () => { readonly alive: number; readonly unalive: number },
    private readonly thresholds: () => FreezeThresholds,
  ) {}

  /** The level in force: `freezed` when too few nodes are alive. */
  effective(): FunctionLevel {
    return effectiveFunctionLevel(this.setLevel, this.nodeCounts(), this.thresholds());
  }

  /** Why {@link effective} is what it is, in words. */
  whyInForce(): string {
    return whyFreezed(this.setLevel, this.nodeCounts(), this.thresholds()) ?? 'enough nodes are alive';
  }

  /** The level that was set. */
  get configured(): FunctionLevel {
    return this.setLevel;
  }

  set(level: FunctionLevel): void {
    this.setLevel = level;
  }
}
