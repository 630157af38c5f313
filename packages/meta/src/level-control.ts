import type { FunctionLevel } from './cluster-view';
import { effectiveFunctionLevel } from './function-level';
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

  /** The level that was set. */
  get configured(): FunctionLevel {
    return this.setLevel;
  }

  set(level: FunctionLevel): void {
    this.setLevel = level;
  }
}
