/** Packets and latencies, of the server and of each connection. Latencies are milliseconds from arrival to the answer's way out. */
export class Statistics {
  received = 0;
  sent = 0;
  answered = 0;
  private latencySum = 0;
  private latencyMin = Infinity;
  latencyMax = 0;

  get latencyMinimum(): number {
    return this.answered === 0 ? 0 : this.latencyMin;
  }

  get latencyAverage(): number {
    return this.answered === 0 ? 0 : this.latencySum / this.answered;
  }

  /** @param count requests that were answered together, the first of which waited `latencyMs` */
  answer(count: number, latencyMs: number): void {
    if (count === 0) return;
    this.answered += count;
    this.latencySum += count * latencyMs;
    this.latencyMin = Math.min(this.latencyMin, latencyMs);
    this.latencyMax = Math.max(this.latencyMax, latencyMs);
  }
}
