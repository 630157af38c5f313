import { judgeAlteration } from './duplication-status';
import type { Alterable, DupFailMode, DupStatus } from './duplication-status';
import { UNKNOWN_DECREE, progressFrom } from './partition-progress';
import type { PartitionProgress } from './partition-progress';

/** What the znode of a duplication holds, and where it lies. */
export interface DuplicationInfo {
  readonly appId: number;
  /** Unix seconds of its creation, or a little more while that was taken (reference/cluster-behaviour.md 8.1). */
  readonly dupId: number;
  /** The name of the other cluster. */
  readonly remote: string;
  readonly remoteAppName: string;
  readonly remoteReplicaCount: number;
  /** Real unix milliseconds. */
  readonly createTimestampMs: number;
  readonly status: DupStatus;
  readonly failMode: DupFailMode;
}

/** A duplication as everybody but its owner sees it. */
export interface DuplicationView {
  readonly info: DuplicationInfo;
  /** In partition order. */
  readonly progress: readonly PartitionProgress[];
}

/** A duplication in the leader's memory, which follows what is in ZooKeeper. */
export class Duplication implements DuplicationView, Alterable {
  readonly progress: PartitionProgress[];
  altering = false;
  /** When its progress was logged last; Pegasus ms of the monotonic clock. */
  loggedMs = -Infinity;
  /** Decrees on their way to ZooKeeper: what removes the nodes waits for them. */
  readonly saving = new Set<Promise<void>>();

  constructor(
    public info: DuplicationInfo,
    storedDecrees: readonly number[],
  ) {
    this.progress = storedDecrees.map(progressFrom);
  }

  static create(info: DuplicationInfo, partitionCount: number): Duplication {
    return new Duplication(info, new Array<number>(partitionCount).fill(UNKNOWN_DECREE));
  }

  get status(): DupStatus {
    return this.info.status;
  }

  get failMode(): DupFailMode {
    return this.info.failMode;
  }

  /** See {@link judgeAlteration}. */
  judge(status: DupStatus, failMode: DupFailMode = this.failMode): ReturnType<typeof judgeAlteration> {
    return judgeAlteration(this, status, failMode);
  }

  get allCheckpointsPrepared(): boolean {
    return this.progress.every(({ checkpointPrepared }) => checkpointPrepared);
  }
}
