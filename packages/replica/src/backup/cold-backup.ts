import { describeError } from '@onebox/base';
import type { Clock, ErrorCode, Gpid, Logger, Node } from '@onebox/base';
import { BackupLayout, PROGRESS_FINISHED, checkpointName } from '@onebox/server';
import type { BlockFileSystem } from '@onebox/server';
import type { ReplicaRecord } from '../disk/replica-record';
import { LocalCheckpoints } from './local-checkpoint';
import type { CheckpointOwner, LocalCheckpoint } from './local-checkpoint';
import { isUploaded, uploadCheckpoint } from './upload-checkpoint';

/**
 * How far a backup of one replica is, in upstream's steps (its src/replica/backup/cold_backup_context.h). A primary goes from
 * `new` to `completed`; a secondary only makes its checkpoint, so that it can take over.
 */
export type ColdBackupStatus =
  | 'new'
  | 'checking'
  | 'checked'
  | 'checkpointing'
  | 'checkpointed'
  | 'uploading'
  | 'completed'
  | 'failed'
  | 'cancelled';

/** What a backup tells its server's metrics. */
export interface ColdBackupEvents {
  onStarted(): void;
  onFailed(): void;
  onSucceeded(): void;
  onCancelled(): void;
  onFileUploaded(bytes: number): void;
  onFileUploadFailed(): void;
}

export interface ColdBackupParts extends CheckpointOwner {
  readonly self: Node;
  readonly gpid: Gpid;
  readonly appName: string;
  readonly backupRoot: string;
  readonly block: BlockFileSystem;
  readonly replicaDirectory: string;
  readonly filesAtOnce: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly label: string;
  /** Makes the engine durable and gives the record of that moment. @throws when the engine cannot */
  readonly checkpoint: () => ReplicaRecord;
  readonly events: ColdBackupEvents;
}

/** One backup of one replica, for one policy. Each request of the meta server moves it on by a step, and is told how far it is. */
export class ColdBackup {
  private current: ColdBackupStatus = 'new';
  private thousandths = 0;
  private startedMs: number | undefined;
  private uploaded = 0;
  private made: LocalCheckpoint | undefined;
  private why = '';
  private readonly checkpoints: LocalCheckpoints;
  private readonly layout: BackupLayout;

  constructor(private readonly parts: ColdBackupParts) {
    this.checkpoints = new LocalCheckpoints(parts.replicaDirectory);
    this.layout = new BackupLayout(parts.backupRoot, parts.backupId);
  }

  get backupId(): number {
    return this.parts.backupId;
  }

  get status(): ColdBackupStatus {
    return this.current;
  }

  /** Of 1000. */
  get progress(): number {
    return this.thousandths;
  }

  /** Bytes of the checkpoint; 0 while there is none, or somebody else uploaded it. */
  get checkpointTotalSize(): number {
    return this.made?.totalSize ?? 0;
  }

  get uploadedBytes(): number {
    return this.uploaded;
  }

  /** Pegasus ms since it began. */
  get runningMs(): number {
    return this.startedMs === undefined ? 0 : this.parts.clock.monotonicMs() - this.startedMs;
  }

  /** A request to the primary: begins what is next, and says how it stands. */
  step(): ErrorCode {
    switch (this.current) {
      case 'new':
        this.begin();
        this.work('checking', () => this.check());
        return 'ERR_BUSY';
      case 'checked':
        this.makeCheckpoint(true);
        return 'ERR_BUSY';
      case 'checkpointed':
        this.upload();
        return 'ERR_BUSY';
      case 'checking':
      case 'checkpointing':
      case 'uploading':
      case 'cancelled':
        return 'ERR_BUSY';
      case 'failed':
        this.parts.log.error(`${this.parts.label}: failed: ${this.why}`);
        return 'ERR_LOCAL_APP_FAILURE';
      case 'completed':
        return 'ERR_OK';
    }
  }

  /** A request that the primary passed on to this secondary: the checkpoint is made once, and nothing is uploaded. */
  follow(): void {
    if (this.current !== 'new') return;
    this.begin();
    this.makeCheckpoint(false);
  }

  /** It counts no more; what is under way ends soon. */
  cancel(): void {
    if (this.current === 'cancelled') return;
    this.current = 'cancelled';
    this.parts.events.onCancelled();
  }

  private begin(): void {
    this.startedMs = this.parts.clock.monotonicMs();
    this.parts.events.onStarted();
  }

  /** Does a step in the background; it ends the backup when it fails. */
  private work(status: ColdBackupStatus, step: () => Promise<ColdBackupStatus>): void {
    this.current = status;
    step().then(
      (next) => {
        if (this.current !== status) return;
        this.current = next;
        this.parts.log.info(`${this.parts.label}: ${next}`);
        if (next === 'completed') this.complete();
      },
      (error: unknown) => {
        if (this.current !== status) return;
        this.current = 'failed';
        this.why = describeError(error);
        this.parts.log.error(`${this.parts.label}: ${status}: ${this.why}`);
        this.parts.events.onFailed();
      },
    );
  }

  private complete(): void {
    this.thousandths = PROGRESS_FINISHED;
    this.parts.events.onSucceeded();
  }

  /** A primary before this one may have finished it already. */
  private async check(): Promise<ColdBackupStatus> {
    const { appName, gpid, block } = this.parts;
    const partition = this.layout.partition(appName, gpid);
    const uploaded = await isUploaded(block, partition, this.layout.currentCheckpoint(appName, gpid));
    return uploaded ? 'completed' : 'checked';
  }

  private makeCheckpoint(uploadNext: boolean): void {
    this.work('checkpointing', async () => {
      const { parts, checkpoints } = this;
      this.made =
        (await checkpoints.find(parts)) ??
        (await checkpoints.make(parts, parts.checkpoint(), parts.clock.unixMs()));
      if (!uploadNext || this.current !== 'checkpointing') return 'checkpointed';
      this.upload();
      return 'uploading';
    });
  }

  private upload(): void {
    const { made: checkpoint, parts, layout } = this;
    if (checkpoint === undefined) return;
    const name = checkpointName(parts.self);
    const target = {
      block: parts.block,
      directory: layout.checkpoint(parts.appName, parts.gpid, name),
      currentCheckpoint: layout.currentCheckpoint(parts.appName, parts.gpid),
      checkpointName: name,
    };
    this.work('uploading', async () => {
      await uploadCheckpoint(checkpoint, target, parts.filesAtOnce, {
        onFile: (bytes) => {
          this.uploaded += bytes;
          const share = Math.floor((this.uploaded / checkpoint.totalSize) * PROGRESS_FINISHED);
          // It is finished when the last of its files says so.
          this.thousandths = Math.min(share, PROGRESS_FINISHED - 1);
          parts.events.onFileUploaded(bytes);
        },
        onFileFailed: () => parts.events.onFileUploadFailed(),
        wanted: () => this.current === 'uploading',
      });
      return 'completed';
    });
  }
}
