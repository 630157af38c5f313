import type { Clock, Logger } from '@onebox/base';
import type { RpcClient } from '@onebox/protocol';
import type { BlockFileSystem, Flags, MetricRegistry } from '@onebox/server';
import type { Chronicle } from '../chronicle';
import type { MetaStore } from '../state/meta-store';
import type { ServerState } from '../state/server-state';
import type { ZnodePaths } from '../state/znode-paths';

/** What backups work with. */
export interface BackupParts {
  readonly state: ServerState;
  readonly store: MetaStore;
  readonly paths: ZnodePaths;
  readonly flags: Pick<Flags, 'get'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly chronicle: Pick<Chronicle, 'tableChanged'>;
  readonly rpcClient: Pick<RpcClient, 'call'>;
  /** The block service of a name; undefined when the configuration has none. */
  readonly blockService: (provider: string) => BlockFileSystem | undefined;
  readonly metrics: Pick<MetricRegistry, 'entity'>;
  /** A write that failed for good: the leader cannot go on. */
  readonly fatal: (reason: string) => void;
}

/** Upstream's constants (its src/meta/meta_backup_service.cpp), Pegasus ms. */
export const BACKUP_TIMES = {
  /** Between two requests to the same primary. */
  stepMs: 10_000,
  /** Until a partition without a primary is looked at again. */
  noPrimaryMs: 15_000,
  /** Until a file that the block service did not take in time is written again. */
  blockRetryMs: 60_000,
  /** Until a policy is looked at again: disabled, not due, or its last run failed. */
  nextLookMs: 300_000,
  /** Between two looks at what is too old to keep. */
  collectMs: 180_000,
} as const;
