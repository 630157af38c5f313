/** Upstream's cluster-wide mark that a meta operation runs; of the operations of this product only bulk loads take it. */
export class OperationLock {
  private held = false;

  /** False when somebody has it. */
  tryLock(): boolean {
    if (this.held) return false;
    this.held = true;
    return true;
  }

  /** Frees it, whoever took it: as upstream, where an operation that took none may free another's (9.1). */
  unlock(): void {
    this.held = false;
  }
}
