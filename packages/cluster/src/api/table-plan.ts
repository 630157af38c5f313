import { checkTableName } from '../admin/table-name';
import { DEFAULT_OPTIONS } from '../record/cluster-options';
import type { ClusterOptions } from '../record/cluster-options';
import { badOption } from './bad-option';
import type { TableSpec } from './onebox-options';

/** How many replicas a table has for which nothing was said: as in upstream's onebox. */
const REPLICAS = 3;

/** The collector's own table is in the template. */
const COLLECTORS_TABLE = 'stat';

/** Who makes which of the tables that a cluster is to begin with. */
export interface TablePlan {
  /** Made by the first leader, as default tables: that costs no time. */
  readonly options: Pick<ClusterOptions, 'app' | 'partitions'> & { readonly set: readonly string[] };
  /** Made when the cluster is healthy: a default table has no envs. */
  readonly later: readonly TableSpec[];
}

/** Replicas of each partition when nothing was said: a cluster refuses a new table with more than it has servers. */
export function defaultReplicaCount(replicaServers: number): number {
  return Math.max(1, Math.min(REPLICAS, replicaServers));
}

/**
 * Divides the tables that were asked for.
 *
 * @throws OneboxError ONEBOX_BAD_TABLE_NAME, ONEBOX_BAD_OPTION when a table is there twice
 */
export function planTables(
  asked: readonly (TableSpec | string)[] | undefined,
  replicaServers: number,
): TablePlan {
  if (asked === undefined) return { options: { set: [] }, later: [] };
  const specs = asked.map((each) => (typeof each === 'string' ? { name: each } : each));
  checkNames(specs);
  const plain = specs.filter(({ envs }) => Object.keys(envs ?? {}).length === 0);
  const first = plain.find(({ name }) => name !== COLLECTORS_TABLE);
  const set = plain.flatMap((spec) => settingsOf(spec, spec === first, replicaServers));
  return {
    options: { app: first?.name, partitions: first?.partitions, set },
    later: specs.filter((spec) => !plain.includes(spec)),
  };
}

function settingsOf(
  { name, partitions, replicaCount }: TableSpec,
  isFirst: boolean,
  replicaServers: number,
): readonly string[] {
  const section = `meta_server.apps.${name}`;
  const replicas = replicaCount ?? defaultReplicaCount(replicaServers);
  const isInTemplate = isFirst || name === COLLECTORS_TABLE;
  return [
    ...(isInTemplate ? [] : [`${section}.app_name=${name}`]),
    ...(isInTemplate && (isFirst || partitions === undefined)
      ? []
      : [`${section}.partition_count=${partitions ?? DEFAULT_OPTIONS.partitions}`]),
    ...(isInTemplate && replicas === REPLICAS ? [] : [`${section}.max_replica_count=${replicas}`]),
  ];
}

function checkNames(specs: readonly TableSpec[]): void {
  const names = specs.map(({ name }) => name);
  for (const name of names) checkTableName(name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw badOption('tables', `'${twice}' is there twice`);
}
