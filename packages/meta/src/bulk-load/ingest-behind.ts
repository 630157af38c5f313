const ENV = 'rocksdb.allow_ingest_behind';

/** Whether a load may ask for it: only with the table's env (reference/cluster-behaviour.md 9.1, order 4). */
export function mayIngestBehind(envs: ReadonlyMap<string, string>, asked: boolean): boolean {
  return !asked || envs.get(ENV)?.toLowerCase() === 'true';
}
