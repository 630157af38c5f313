import { readFileSync } from 'node:fs';
import type { MetricEntity } from '../metrics';
import { MetricReader } from './metric-reader';

const RESIDENT = new MetricReader('resident_mem_usage_mb');
const VIRTUAL = new MetricReader('virtual_mem_usage_mb');

const MEGABYTE = 1024 * 1024;
/** Of Linux on the machines Node runs on; a page of another size only makes virtual memory look smaller. */
const PAGE_BYTES = 4096;

/**
 * The memory of this process in whole MB: what the new generation shows of it, where it does. A collector has no metric for it, and
 * this generation shows it on every role (reference/metrics.md 3.2, 4.8).
 */
export function processMemory(server: MetricEntity): {
  readonly residentMb: number;
  readonly virtualMb: number;
} {
  return {
    residentMb: RESIDENT.of(server) ?? Math.floor(process.memoryUsage.rss() / MEGABYTE),
    virtualMb: VIRTUAL.of(server) ?? readVirtualMb(),
  };
}

/** Where the system does not tell, what is resident stands for it. */
function readVirtualMb(): number {
  try {
    const [pages] = readFileSync('/proc/self/statm', 'latin1').split(' ');
    return Math.floor((Number(pages) * PAGE_BYTES) / MEGABYTE);
  } catch {
    return Math.floor(process.memoryUsage.rss() / MEGABYTE);
  }
}
