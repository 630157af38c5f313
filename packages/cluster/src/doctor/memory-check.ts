import { findingsOf } from './finding';
import type { Finding } from './finding';

export interface MemoryFacts {
  /** Undefined where the system's figure says nothing: what macOS calls free is not what it can make free. */
  readonly availableBytes: number | undefined;
  /** Of the machine, or of the container when that has less. */
  readonly totalBytes: number;
  /** Resident memory of the cluster that runs already. */
  readonly inUseBytes: number;
}

const MIB = 1024 * 1024;
/** docs/performance.md: the largest idle server has 67 MiB; pm2's daemon and a Java ZooKeeper have about as much. */
const BYTES_PER_PROCESS = 70 * MIB;
const PROCESSES_BESIDES = 2;

const say = findingsOf('memory');

/**
 * @param servers how many servers the cluster has
 * @param exists whether it was created: then it has as many as it has
 */
export function checkMemory(facts: MemoryFacts, servers: number, exists: boolean): readonly Finding[] {
  const { availableBytes, totalBytes, inUseBytes } = facts;
  const needed = (servers + PROCESSES_BESIDES) * BYTES_PER_PROCESS;
  const have = (availableBytes ?? totalBytes) + inUseBytes;
  const data = { availableBytes: availableBytes ?? null, totalBytes, inUseBytes, neededBytes: needed };
  const [haveText, needText] = [have, needed].map((bytes) => `${Math.floor(bytes / MIB)} MiB`);
  const summary = `${haveText} available; ${servers} servers need about ${needText}`;
  if (have >= needed * 1.25) return [say.ok(summary, { data })];
  return [
    (have < needed / 2 ? say.problem : say.warning)(summary, {
      advice: exists ? 'End other programs.' : 'End other programs, or take fewer servers.',
      fix: exists || servers <= 3 ? null : 'onebox start -m 1 -r 1',
      data,
    }),
  ];
}
