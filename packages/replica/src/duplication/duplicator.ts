import { gpidText } from '@onebox/base';
import type { Clock, Gpid, Logger } from '@onebox/base';
import type { MetaGroup } from '@onebox/protocol';
import type { DuplicationMetrics } from '../metrics';
import type { Network } from '../network';
import type { ReplicaSettings } from '../settings';
import { UNKNOWN_DECREE } from './dup-entry';
import type { DupEntry, DupFailMode } from './dup-entry';
import type { MutationLog } from './mutation-log';
import { Pipeline } from './pipeline';
import { RemotePartition } from './remote-partition';

/** What duplications of a server share. */
export interface DuplicationContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly network: Network;
  readonly settings: ReplicaSettings;
  readonly remotes: { metasOf(cluster: string): MetaGroup; readonly ownId: number | undefined };
  /** FAIL_FAST: the process ends (reference/cluster-behaviour.md 8.1). */
  readonly endProcess: (reason: string) => void;
}

/** The replica whose mutations are duplicated. */
export interface DuplicatedReplica {
  readonly gpid: Gpid;
  readonly isPrimary: boolean;
  readonly lastCommittedDecree: number;
  readonly lastDurableDecree: number;
  readonly mutations: MutationLog;
  /** Commits a write without operations. */
  writeEmpty(): void;
  /** Makes durable what was applied. */
  checkpoint(): void;
  readonly dupMetrics: DuplicationMetrics;
}

/** What a replica server reports of one duplication. */
export interface Confirmation {
  readonly dupId: number;
  readonly confirmedDecree: number;
  readonly checkpointPrepared: boolean;
  readonly lastCommittedDecree: number;
}

/** One duplication of one partition, on the primary of the partition (reference/cluster-behaviour.md 8.2). */
export class Duplicator {
  private pipeline: Pipeline | undefined;
  private entry: DupEntry;
  /** A checkpoint has to have at least this, which is everything that was there when the duplication came here. */
  private readonly checkpointDecree: number;
  /** The last decree that was shipped, or need not be: the read position. */
  private last: number;
  /** Up to here the other cluster has everything: what is reported to the meta server. */
  private acknowledged: number;

  constructor(
    private readonly context: DuplicationContext,
    private readonly replica: DuplicatedReplica,
    entry: DupEntry,
  ) {
    this.entry = entry;
    this.checkpointDecree = Math.max(replica.lastCommittedDecree, 1);
    this.acknowledged = entry.confirmedDecree;
    this.last = entry.confirmedDecree === UNKNOWN_DECREE ? this.checkpointDecree : entry.confirmedDecree;
    this.context.log.info(
      `${this.label}: ${entry.status} to ${entry.remote}, confirmed ${entry.confirmedDecree}, begins behind ${this.last}`,
    );
    this.follow();
  }

  /** What the meta server says now. */
  update(entry: DupEntry): void {
    if (entry.status !== this.entry.status) {
      this.context.log.info(`${this.label}: ${this.entry.status} -> ${entry.status}`);
    }
    const before = this.entry.confirmedDecree;
    // Never decreases: an answer may be late.
    this.entry = { ...entry, confirmedDecree: Math.max(before, entry.confirmedDecree) };
    const { confirmedDecree } = this.entry;
    // Another primary was further, before this one had the role.
    this.last = Math.max(this.last, confirmedDecree);
    this.acknowledged = Math.max(this.acknowledged, confirmedDecree);
    if (confirmedDecree > before) this.replica.dupMetrics.onConfirmed(confirmedDecree - Math.max(before, 0));
    this.follow();
  }

  get dupId(): number {
    return this.entry.dupId;
  }

  get failMode(): DupFailMode {
    return this.entry.failMode;
  }

  get remoteAppName(): string {
    return this.entry.remoteAppName;
  }

  get confirmedDecree(): number {
    return this.entry.confirmedDecree;
  }

  /** The read position. */
  get lastDecree(): number {
    return this.last;
  }

  get isShipping(): boolean {
    return this.pipeline !== undefined;
  }

  get pendingMutations(): number {
    return Math.max(0, this.replica.lastCommittedDecree - this.last);
  }

  confirmation(): Confirmation {
    return {
      dupId: this.dupId,
      confirmedDecree: this.acknowledged,
      checkpointPrepared: this.checkpointPrepared,
      lastCommittedDecree: this.replica.lastCommittedDecree,
    };
  }

  /** The replica has committed something, or is primary again. */
  wake(): void {
    this.pipeline?.wake();
  }

  close(): void {
    this.pipeline?.close();
    this.pipeline = undefined;
  }

  private get checkpointPrepared(): boolean {
    return this.replica.lastDurableDecree >= this.checkpointDecree;
  }

  private follow(): void {
    switch (this.entry.status) {
      case 'DS_PREPARE':
        this.close();
        this.prepareCheckpoint();
        return;
      case 'DS_LOG':
        this.pipeline ??= this.startPipeline();
        this.wake();
        return;
      default:
        this.close();
    }
  }

  /** Every sync tries again until it is there. A replica that was never written to gets a write first, or there would be nothing to keep. */
  private prepareCheckpoint(): void {
    const { replica } = this;
    if (!this.checkpointPrepared) {
      if (replica.lastCommittedDecree === 0) replica.writeEmpty();
      else replica.checkpoint();
    }
    // The other cluster begins with the checkpoint: only what comes behind it is shipped.
    if (this.checkpointPrepared) this.acknowledged = Math.max(this.acknowledged, this.last);
  }

  private startPipeline(): Pipeline {
    const { clock, log, network, settings, remotes, endProcess } = this.context;
    const { replica } = this;
    const metas = remotes.metasOf(this.entry.remote);
    replica.dupMetrics.onStarted();
    return new Pipeline({
      label: this.label,
      clock,
      log,
      settings,
      remote: new RemotePartition(network, metas, this.remoteAppName, replica.gpid.partitionIndex),
      clusterId: remotes.ownId,
      mayShip: () => replica.isPrimary,
      nextDecree: () => this.last + 1,
      load: (decree, limit) => replica.mutations.from(decree, limit),
      firstLoadable: () => replica.mutations.firstDecree,
      failMode: () => this.failMode,
      onProgress: (decree) => {
        this.last = Math.max(this.last, decree);
        this.acknowledged = this.last;
      },
      events: replica.dupMetrics,
      endProcess,
    });
  }

  private get label(): string {
    return `${gpidText(this.replica.gpid)}: duplication ${this.entry.dupId}`;
  }
}
