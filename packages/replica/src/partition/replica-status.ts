/** What a replica is at the moment; the names are those of the wire (reference/cluster-behaviour.md 11.1). */
export const REPLICA_STATUSES = [
  'PS_INACTIVE',
  'PS_ERROR',
  'PS_PRIMARY',
  'PS_SECONDARY',
  'PS_POTENTIAL_SECONDARY',
] as const;

export type ReplicaStatus = (typeof REPLICA_STATUSES)[number];

/** Where a replica stands: what a configuration it receives is judged by. */
export interface Standing {
  readonly status: ReplicaStatus;
  readonly ballot: number;
  /**
   * Of an inactive replica: it was primary or secondary a moment ago, its data are complete, and it may take that role
   * back without learning (3.2). Others have to learn first.
   */
  readonly transient: boolean;
}

const TO_ANY_ROLE: readonly ReplicaStatus[] = REPLICA_STATUSES;
const TO_LEARN: readonly ReplicaStatus[] = ['PS_INACTIVE', 'PS_ERROR', 'PS_POTENTIAL_SECONDARY'];

/** Every transition that may happen at all. An error is final: the replica is closed and set aside. */
function statusesAfter({ status, transient }: Standing): readonly ReplicaStatus[] {
  switch (status) {
    case 'PS_INACTIVE':
      return transient ? TO_ANY_ROLE : TO_LEARN;
    case 'PS_ERROR':
      return [];
    case 'PS_PRIMARY':
    case 'PS_SECONDARY':
      return TO_ANY_ROLE;
    case 'PS_POTENTIAL_SECONDARY':
      return ['PS_INACTIVE', 'PS_ERROR', 'PS_POTENTIAL_SECONDARY', 'PS_SECONDARY'];
  }
}

/**
 * What a configuration with the *same* ballot may still change: start to learn, finish learning, take a role back when
 * the meta server is there again. Anything else with the same ballot comes from a message that was overtaken.
 */
function sameBallotAllows({ status, transient }: Standing, next: ReplicaStatus): boolean {
  if (status === next) return true;
  if (status === 'PS_POTENTIAL_SECONDARY') return next === 'PS_SECONDARY';
  if (status !== 'PS_INACTIVE') return false;
  if (next === 'PS_POTENTIAL_SECONDARY') return true;
  return transient && (next === 'PS_SECONDARY' || next === 'PS_PRIMARY');
}

/** Why a replica must not follow a configuration it received; undefined when it must. */
export function refusalOf(
  from: Standing,
  to: { readonly status: ReplicaStatus; readonly ballot: number },
): string | undefined {
  if (to.ballot < from.ballot) return `ballot ${to.ballot} is older than ${from.ballot}`;
  const allowed =
    statusesAfter(from).includes(to.status) && (to.ballot > from.ballot || sameBallotAllows(from, to.status));
  if (allowed) return undefined;
  const kind = from.status === 'PS_INACTIVE' ? ` (${from.transient ? 'transient' : 'not transient'})` : '';
  return `${from.status}${kind} does not become ${to.status} at ballot ${to.ballot}`;
}

/** A status for log lines. */
export function statusText(status: ReplicaStatus, transient: boolean): string {
  return status === 'PS_INACTIVE' && transient ? 'PS_INACTIVE (transient)' : status;
}
