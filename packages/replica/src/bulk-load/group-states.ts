import type { Node } from '@onebox/base';
import { IngestionStatus, make, partitionBulkLoadState, toWireHostPort } from '@onebox/protocol';
import type { BulkLoadResponse, PartitionBulkLoadState } from '@onebox/protocol';
import type { AddressBook } from '../network';
import type { LoadStatus } from './load-status';

/** What is known of a secondary whose answer was lost or bad. */
export const UNKNOWN_STATE: PartitionBulkLoadState = make(partitionBulkLoadState, {
  download_progress: 0,
  download_status: 'ERR_OK',
  ingest_status: IngestionStatus.IS_INVALID,
  is_cleaned_up: false,
  is_paused: false,
});

/** The group's states as an answer to the meta server carries them. */
export interface GroupView {
  readonly primary: Node;
  readonly secondaries: readonly Node[];
  readonly maxReplicaCount: number;
  readonly states: ReadonlyMap<Node, PartitionBulkLoadState>;
}

type Summary = Pick<
  BulkLoadResponse,
  | 'group_bulk_load_state'
  | 'hp_group_bulk_load_state'
  | 'total_download_progress'
  | 'is_group_ingestion_finished'
  | 'is_group_bulk_load_context_cleaned_up'
  | 'is_group_bulk_load_paused'
>;

/** What a primary tells about its group, by what the meta server is in (reference/cluster-behaviour.md 9.2). */
export function summarize(
  meta: LoadStatus,
  own: PartitionBulkLoadState,
  { primary, secondaries, maxReplicaCount, states }: GroupView,
  addresses: AddressBook,
): Partial<Summary> {
  const group: readonly (readonly [Node, PartitionBulkLoadState])[] = [
    [primary, own],
    ...secondaries.map((node) => [node, states.get(node) ?? make(partitionBulkLoadState, {})] as const),
  ];
  const shared: Partial<Summary> = {
    group_bulk_load_state: group.map(([node, state]) => [addresses.toRpcAddress(node), state]),
    hp_group_bulk_load_state: group.map(([node, state]) => [toWireHostPort(node), state]),
  };
  // Nobody is missing, and all of them are there.
  const all = (test: (state: PartitionBulkLoadState) => boolean): boolean =>
    group.length === maxReplicaCount && group.every(([, state]) => test(state));
  switch (meta) {
    case 'BLS_DOWNLOADING':
    case 'BLS_DOWNLOADED': {
      const sum = group.reduce((total, [, state]) => total + (state.download_progress ?? 0), 0);
      return { ...shared, total_download_progress: Math.floor(sum / Math.max(1, maxReplicaCount)) };
    }
    case 'BLS_INGESTING': {
      const done = all(({ ingest_status: status }) => status === IngestionStatus.IS_SUCCEED);
      return { ...shared, is_group_ingestion_finished: done };
    }
    case 'BLS_SUCCEED':
    case 'BLS_CANCELED':
    case 'BLS_FAILED': {
      const cleaned = all(({ is_cleaned_up: cleanedUp }) => cleanedUp === true);
      return { ...shared, is_group_bulk_load_context_cleaned_up: cleaned };
    }
    case 'BLS_PAUSING':
      return { ...shared, is_group_bulk_load_paused: all(({ is_paused: paused }) => paused === true) };
    default:
      return {};
  }
}
