import { readFileSync } from 'node:fs';
import type { MetricRegistry } from '../metric-registry';

const BYTES_PER_MB = 1024 * 1024;

/** Drives the memory metrics of a meta or replica server; a collector has none (reference/metrics.md 3.2). */
export function measureMemory(registry: MetricRegistry): void {
  if (!registry.server.has('virtual_mem_usage_mb')) return;
  registry.server.gauge('virtual_mem_usage_mb').derive(() => virtualBytes() / BYTES_PER_MB);
  registry.server.gauge('resident_mem_usage_mb').derive(() => process.memoryUsage.rss() / BYTES_PER_MB);
}

/** Address space of this process; where the system does not tell it (macOS), its resident memory, which is less. */
function virtualBytes(): number {
  try {
    const kilobytes = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // No /proc here.
  }
  return process.memoryUsage.rss();
}
