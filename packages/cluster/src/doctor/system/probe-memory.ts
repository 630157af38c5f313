import { freemem, totalmem } from 'node:os';
import type { ProcessTable } from '../../process-table/process-table';
import type { ClusterFacts } from '../cluster-facts';
import type { MemoryFacts } from '../memory-check';

export function probeMemory(cluster: ClusterFacts | undefined, table: ProcessTable): MemoryFacts {
  const pids = (cluster?.processes ?? []).filter(({ alive }) => alive).map(({ pid }) => pid);
  const rss = pids.map((pid) => table.look(pid)?.rssBytes ?? 0);
  return {
    // On Linux both count what the system can make free, and the second one the limit of a container.
    availableBytes: process.platform === 'linux' ? Math.min(freemem(), availableMemory()) : undefined,
    totalBytes: Math.min(totalmem(), limit()),
    inUseBytes: rss.reduce((sum, bytes) => sum + bytes, 0),
  };
}

/** Of the container, or infinite. */
function limit(): number {
  const bytes = process.constrainedMemory();
  return bytes > 0 ? bytes : Infinity;
}

/** Node has it from 20.13 on. */
function availableMemory(): number {
  const { availableMemory: ask } = process as Partial<Pick<NodeJS.Process, 'availableMemory'>>;
  return ask?.() ?? Infinity;
}
