import { gpidText } from '@onebox/base';
import type { Gpid } from '@onebox/base';
import { LearnType } from '@onebox/protocol';
import type { MetricEntity, MetricRegistry } from '@onebox/server';
import { EMPTY_WRITE } from '../storage/storage-engine';
import type { Mutation } from '../storage/storage-engine';

/** What a learner went through, as its metrics count it (reference/metrics.md 3). */
export interface LearningEvents {
  /** The primary wants this replica to learn: another attempt. */
  onLearnStarted(): void;
  /** One more request for the primary's state is on its way. */
  onLearnRound(): void;
  /** The primary answered, well or badly. */
  onLearnAnswered(bufferBytes: number): void;
  /** What this replica has applied is newer than what the primary has: it is thrown away. */
  onLearnReset(): void;
  /** The primary's state is taken over. */
  onLearned(type: LearnType, files: number): void;
  onLearnFailed(): void;
  /** The primary took note that everything is here. */
  onLearnSucceeded(): void;
}

/** What a primary finds out about its group. */
export interface GroupEvents {
  onPrepareFailed(): void;
  onGroupCheckFailed(): void;
}

const RESPONSES = {
  [LearnType.LT_CACHE]: 'learn_lt_cache_responses',
  [LearnType.LT_APP]: 'learn_lt_app_responses',
  [LearnType.LT_LOG]: 'learn_lt_log_responses',
} as const;

/**
 * The metrics of one replica, from the opening of the replica to its close, whatever role it has (reference/metrics.md 3.1).
 * Features that have metrics of their own on the replica take them from {@link entity}.
 */
export class ReplicaMetrics implements LearningEvents, GroupEvents {
  readonly entity: MetricEntity;

  constructor(registry: Pick<MetricRegistry, 'entity'>, gpid: Gpid) {
    const id = gpidText(gpid);
    this.entity = registry.entity('replica', `replica@${id}`, {
      table_id: String(gpid.appId),
      partition_id: String(gpid.partitionIndex),
    });
  }

  onLearnStarted(): void {
    this.entity.counter('learn_count').add();
  }

  onLearnRound(): void {
    this.entity.counter('learn_rounds').add();
  }

  onLearnAnswered(bufferBytes: number): void {
    this.entity.counter('learn_copy_buffer_bytes').add(bufferBytes);
  }

  onLearnReset(): void {
    this.entity.counter('learn_resets').add();
  }

  onLearned(type: LearnType, files: number): void {
    if (type in RESPONSES) this.entity.counter(RESPONSES[type as keyof typeof RESPONSES]).add();
    this.entity.counter('learn_copy_files').add(files);
  }

  onLearnFailed(): void {
    this.entity.counter('learn_failed_count').add();
  }

  onLearnSucceeded(): void {
    this.entity.counter('learn_successful_count').add();
  }

  onPrepareFailed(): void {
    this.entity.counter('prepare_failed_requests').add();
  }

  onGroupCheckFailed(): void {
    this.entity.counter('group_check_failed_requests').add();
  }

  /** A client's write was refused for its size. */
  onWriteTooBig(): void {
    this.entity.counter('write_size_exceed_threshold_requests').add();
  }

  /** A mutation is applied here, on whatever member. The empty writes of idle primaries are nobody's requests. */
  onCommitted({ updates }: Mutation): void {
    const requests = updates.filter(({ code }) => code !== EMPTY_WRITE).length;
    if (requests > 0) this.entity.counter('committed_requests').add(requests);
  }

  /** The replica is closed: from now on its entity is stale. */
  close(): void {
    this.entity.release();
  }
}
