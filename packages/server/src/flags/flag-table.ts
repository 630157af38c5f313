import type { FlagDefinition } from './flag-definition';
import { DDL_CLIENT_FLAGS, GEO_CLIENT_LIB_FLAGS, SHELL_FLAGS } from './sections/clients';
import { PEGASUS_COLLECTOR_FLAGS } from './sections/collector';
import { META_SERVER_FLAGS } from './sections/meta-server';
import { NFS_FLAGS } from './sections/nfs';
import { PEGASUS_SERVER_FLAGS } from './sections/pegasus-server';
import { REPLICATION_FLAGS } from './sections/replication';
import { REPLICATION_STORAGE_FLAGS } from './sections/replication-storage';
import {
  COMPONENTS_PERF_COUNTER_FLAGS,
  CORE_FLAGS,
  HTTP_FLAGS,
  METRICS_FLAGS,
  NETWORK_FLAGS,
  SCREEN_LOGGER_FLAGS,
  SIMPLE_LOGGER_FLAGS,
  SIMULATOR_FLAGS,
  TASK_DEFAULT_FLAGS,
  THREAD_POOL_DEFAULT_FLAGS,
} from './sections/runtime';
import { RANGER_FLAGS, SECURITY_FLAGS } from './sections/security';
import { ZOOKEEPER_FLAGS } from './sections/zookeeper';

/** Every flag by its name; names are unique over all sections (reference/http-api.md 5). */
export const FLAG_TABLE = {
  ...META_SERVER_FLAGS,
  ...REPLICATION_FLAGS,
  ...REPLICATION_STORAGE_FLAGS,
  ...PEGASUS_SERVER_FLAGS,
  ...PEGASUS_COLLECTOR_FLAGS,
  ...ZOOKEEPER_FLAGS,
  ...SECURITY_FLAGS,
  ...RANGER_FLAGS,
  ...NFS_FLAGS,
  ...CORE_FLAGS,
  ...NETWORK_FLAGS,
  ...HTTP_FLAGS,
  ...METRICS_FLAGS,
  ...TASK_DEFAULT_FLAGS,
  ...THREAD_POOL_DEFAULT_FLAGS,
  ...COMPONENTS_PERF_COUNTER_FLAGS,
  ...SIMPLE_LOGGER_FLAGS,
  ...SCREEN_LOGGER_FLAGS,
  ...SIMULATOR_FLAGS,
  ...DDL_CLIENT_FLAGS,
  ...GEO_CLIENT_LIB_FLAGS,
  ...SHELL_FLAGS,
} as const;

export type FlagName = keyof typeof FLAG_TABLE;

type ValueOf<T> = T extends 'bool' ? boolean : T extends 'string' ? string : number;

/** What `flags.get(name)` gives: boolean, string or number. A 64-bit flag beyond 2^53 loses its low digits here. */
export type FlagValue<N extends FlagName> = ValueOf<(typeof FLAG_TABLE)[N]['type']>;

/** All definitions in the order of `/configs`: by name, byte order. */
export const FLAGS_BY_NAME: readonly FlagDefinition[] = Object.values<FlagDefinition>(FLAG_TABLE).sort(
  (a, b) => (a.name < b.name ? -1 : 1),
);

function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(FLAG_TABLE, name);
}

/** The definition behind a name from outside. */
export function flagNamed(name: string): FlagDefinition | undefined {
  return isFlagName(name) ? FLAG_TABLE[name] : undefined;
}
