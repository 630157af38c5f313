import type { TableOperationParts } from './table-operations';

/** Why a table cannot have so many replicas now; upstream's hints of set_max_replica_count (7.5). */
export function replicaCountProblem(
  { flags, nodes }: Pick<TableOperationParts, 'flags' | 'nodes'>,
  replicaCount: number,
): string | undefined {
  const min = flags.get('min_allowed_replica_count');
  const max = flags.get('max_allowed_replica_count');
  if (replicaCount < min || replicaCount > max) {
    return `requested replica count(${replicaCount}) must be within the range of [min=${min}, max=${max}]`;
  }
  const { alive } = nodes.counts();
  return replicaCount > alive
    ? `there are not enough alive replica servers(${alive}) for the requested replica count(${replicaCount})`
    : undefined;
}
