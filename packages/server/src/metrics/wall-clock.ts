/** Beyond this the wall clock was set, or the machine slept: the fine clock is set anew by it. */
const MAX_DRIFT_NS = 2_000_000n;

/**
 * Unix nanoseconds for `timestamp_ns`: the wall clock, with the finer steps of the monotonic one, and strictly increasing:
 * the shell divides by the difference of two scrapes, and stops at 0 (reference/metrics.md 5.3). An exact integer, far
 * beyond what a double can hold.
 */
export class WallClock {
  private offsetNs: bigint | undefined;
  private lastNs = 0n;

  /**
   * @param unixMs real unix milliseconds
   * @param fineNs monotonic nanoseconds since whenever
   */
  constructor(
    private readonly unixMs: () => number,
    private readonly fineNs: () => bigint = () => process.hrtime.bigint(),
  ) {}

  next(): bigint {
    const wallNs = BigInt(Math.trunc(this.unixMs())) * 1_000_000n;
    const fineNs = this.fineNs();
    let ns = fineNs + (this.offsetNs ?? wallNs - fineNs);
    const drift = ns - wallNs;
    if (this.offsetNs === undefined || drift > MAX_DRIFT_NS || drift < -MAX_DRIFT_NS) {
      this.offsetNs = wallNs - fineNs;
      ns = wallNs;
    }
    this.lastNs = ns > this.lastNs ? ns : this.lastNs + 1n;
    return this.lastNs;
  }
}
