/** What a replica knows about the table it belongs to: told by the meta server, handed back with every update. */
export interface TableInfo {
  /** Numeric `app_status` of the wire; a replica server only passes it on. */
  readonly status: number;
  readonly appType: string;
  readonly appName: string;
  readonly appId: number;
  readonly partitionCount: number;
  readonly envs: ReadonlyMap<string, string>;
  readonly isStateful: boolean;
  readonly maxReplicaCount: number;
  /** Unix seconds. */
  readonly expireSecond: number;
  readonly createSecond: number;
  readonly dropSecond: number;
  readonly duplicating: boolean;
  readonly initPartitionCount: number;
  readonly isBulkLoading: boolean;
  readonly atomicIdempotent: boolean;
}

export function sameTableInfo(a: TableInfo, b: TableInfo): boolean {
  const { envs: leftEnvs, ...left } = a;
  const { envs: rightEnvs, ...right } = b;
  if (leftEnvs.size !== rightEnvs.size) return false;
  for (const [key, value] of leftEnvs) if (rightEnvs.get(key) !== value) return false;
  return Object.entries(left).every(([key, value]) => right[key as keyof typeof right] === value);
}
