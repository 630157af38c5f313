import type { Node } from '@onebox/base';

/** The control command `partitions` of a meta server: what the leader knows of tables, without their history. */
export interface PartitionsRequest {
  readonly command: 'partitions';
  /** Of the last answer; left out: everything is wanted. */
  readonly leader?: string;
  /** `count` of the last answer: only tables that changed since then are wanted. */
  readonly since?: number;
}

/** ballot; the primary's index in `nodes`, -1 without one; indexes of secondaries; of those that are being added. */
export type TableMembers = readonly [
  ballot: number,
  primary: number,
  secondaries: readonly number[],
  learners: readonly number[],
];

export interface ToldTable {
  readonly appId: number;
  readonly name: string;
  /** `AS_AVAILABLE`, `AS_DROPPED` … */
  readonly status: string;
  readonly maxReplicaCount: number;
  /** In partition order. */
  readonly partitions: readonly TableMembers[];
}

/** Of a server that does not lead, or is still loading: `{"leader": null}`. */
export type PartitionsAnswer =
  | { readonly leader: null }
  | {
      /** Of the leader's life; another one is another leader, and counts from the beginning. */
      readonly leader: string;
      /** Whether this begins at the beginning, because `since` was of another leader or left out. */
      readonly full: boolean;
      /** To be asked with next time. */
      readonly count: number;
      /** Whether there is more already: an answer has an end. */
      readonly more: boolean;
      /** What `tables` of this answer name by index. `alive` is null for one that the leader never heard from. */
      readonly nodes: readonly { readonly node: Node; readonly alive: boolean | null }[];
      readonly tables: readonly ToldTable[];
    };
