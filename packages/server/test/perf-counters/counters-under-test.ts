import { FakeClock } from '@onebox/base';
import { MetricRegistry } from '../../src/metrics';
import { PerfCounters } from '../../src/perf-counters';
import type { PerfCountersOptions } from '../../src/perf-counters';
import type { Role } from '../../src/process/role';

/** The counters of a server whose time a test moves; by default those of a replica server of 2.5. */
export class CountersUnderTest {
  readonly clock = new FakeClock();
  readonly metrics: MetricRegistry;
  readonly counters: PerfCounters;

  constructor(options: Partial<Pick<PerfCountersOptions, 'generation' | 'role'>> = {}) {
    const role: Role = options.role ?? 'replica';
    const { clock } = this;
    this.metrics = new MetricRegistry({ clock, role, retirementDelayMs: 600_000, random: () => 0 });
    this.counters = new PerfCounters({
      metrics: this.metrics,
      role,
      clock,
      generation: options.generation ?? '2.4',
      intervalMs: 10_000,
      random: () => 0.55,
    });
  }

  /** The metrics of a replica that is there. */
  replica(tableId: number, partition: number) {
    return this.metrics.entity('replica', `replica@${tableId}.${partition}`, {
      table_id: String(tableId),
      partition_id: String(partition),
    });
  }

  close(): void {
    this.counters.close();
    this.metrics.close();
  }
}
