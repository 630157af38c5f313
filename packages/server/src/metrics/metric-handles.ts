import type { PercentileName } from './metric-definition';
import type { PlacedMetric } from './metric-layout';
import type { MetricValues } from './metric-values';
import type { PercentileTimer } from './percentile-timer';
import { PercentileWindow } from './percentile-window';

/** A value that goes up and down. */
export class Gauge {
  constructor(
    private readonly values: MetricValues,
    private readonly at: number,
  ) {}

  get value(): number | bigint {
    return this.values.get(this.at);
  }

  /** @throws RangeError when it is not a finite number; a fraction is cut off */
  set(value: number | bigint): void {
    this.values.set(this.at, value);
  }

  add(value: number | bigint): void {
    this.values.add(this.at, value);
  }

  /** From now on the value is what `read` gives at each scrape; it must be quick and never throw. Ended by {@link set}. */
  derive(read: () => number | bigint): void {
    this.values.derive(this.at, read);
  }
}

/** A value that only grows; it begins at 0 with the process. */
export class Counter {
  constructor(
    private readonly values: MetricValues,
    private readonly at: number,
  ) {}

  get value(): number | bigint {
    return this.values.get(this.at);
  }

  /** @throws RangeError for a negative number: the Go collector's Prometheus does not survive one */
  add(value: number | bigint = 1): void {
    if (value < 0) throw new RangeError(`a counter cannot grow by ${value}`);
    this.values.add(this.at, value);
  }
}

/** A counter that tells what was counted since somebody looked last. Upstream ships none. */
export class VolatileCounter {
  constructor(
    private readonly values: MetricValues,
    private readonly at: number,
  ) {}

  add(value: number | bigint = 1): void {
    this.values.add(this.at, value);
  }

  /** What was counted since the last call. */
  take(): number | bigint {
    const taken = this.values.get(this.at);
    this.values.set(this.at, 0);
    return taken;
  }
}

/** Percentiles of the newest samples, computed every 10 s. */
export class Percentile {
  private readonly window = new PercentileWindow();

  constructor(
    private readonly values: MetricValues,
    private readonly metric: PlacedMetric,
    private readonly timer: PercentileTimer,
  ) {}

  /** Takes a sample, in the unit of the metric. @throws RangeError when it is not a finite number; a fraction is cut off */
  sample(value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`${value} is no sample`);
    this.window.add(Math.trunc(value));
    this.timer.wants(this.compute);
  }

  /** What the last run of the timer found; 0 before, and for a percentile the metric is not configured for. */
  read(name: PercentileName): number | bigint {
    const place = this.metric.definition.percentiles.indexOf(name);
    return place < 0 ? 0 : this.values.get(this.metric.at + place);
  }

  private readonly compute = (): number => {
    const found = this.window.read(this.metric.definition.percentiles);
    found.forEach((value, place) => this.values.set(this.metric.at + place, value));
    return this.window.size;
  };
}
