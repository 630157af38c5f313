import { statfsSync } from 'node:fs';

/** The space of the disk below a directory, in MiB, as the operating system tells it. */
export interface DiskSpace {
  readonly capacityMb: number;
  readonly availableMb: number;
}

/** The tag of a server's only disk (reference/cluster-behaviour.md 1.1). */
export const DISK_TAG = 'default';

const MIB = 1024 * 1024;

/** Reads the space of the disk that holds `directory`. A real disk has at least 1 MiB: tools divide by the capacity. */
export function readDiskSpace(directory: string): DiskSpace {
  const { bsize, blocks, bavail } = statfsSync(directory);
  return {
    capacityMb: Math.max(1, Math.floor((blocks * bsize) / MIB)),
    availableMb: Math.floor((bavail * bsize) / MIB),
  };
}

/** Whether less than `minRatio` percent of the disk is available: upstream's SPACE_INSUFFICIENT (11.1). */
export function isSpaceInsufficient({ capacityMb, availableMb }: DiskSpace, minRatio: number): boolean {
  return (availableMb * 100) / capacityMb < minRatio;
}
