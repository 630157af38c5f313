import type { AddressResolver, RpcClient } from '@onebox/protocol';
import type { BlockFileSystem } from '@onebox/server';
import type { LevelControl } from '../level-control';
import type { TableOperationParts } from '../tables/table-operations';
import type { IngestionSlots } from './ingestion-slots';
import type { OperationLock } from './operation-lock';

/** What bulk loads work with. */
export interface BulkLoadParts {
  readonly operations: TableOperationParts;
  readonly level: LevelControl;
  readonly addresses: AddressResolver;
  readonly rpcClient: Pick<RpcClient, 'call'>;
  readonly blockService: (name: string) => BlockFileSystem | undefined;
}

/** What all loads of a leader share besides. */
export interface SharedByLoads extends BulkLoadParts {
  readonly lock: OperationLock;
  readonly slots: IngestionSlots;
}
