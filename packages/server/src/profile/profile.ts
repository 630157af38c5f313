import type { FlagName, FlagValue } from '../flags/flag-table';
import type { Role } from '../process/role';
import type { ProfileName } from './profile-name';

/** An HTTP call of a generation: what `/` shows for it, and whether it shows it at all. */
export interface ProfileCall {
  /** With the leading slash, e.g. `/meta/app`. */
  readonly path: string;
  readonly help: string;
  readonly listed: boolean;
}

/** Which form an answer takes where generations differ (reference/http-api.md, cluster-behaviour.md 15.2). */
export interface ProfileVariants {
  /** `/meta/cluster`, 3.13. */
  readonly balanceOperationCount: 'text' | 'json';
  /** `zookeeper_hosts` of `/meta/cluster`, 3.13. */
  readonly zookeeperHosts: 'as-written' | 'without-blanks';
  /** Host of the redirect when no leader is known, 1.6. */
  readonly unknownLeader: 'invalid host_port' | 'invalid address';
  /** Body of the 500 of `/meta/app`: one byte holding the error's number, or its name, 3.10. */
  readonly appBusyBody: 'digit' | 'name';
  /** `/meta/app` without a name: 400, or the 404 of a table with an empty name, 3.10. */
  readonly missingAppName: 'bad-request' | 'not-found';
  /** `/config` without a name: 400, or 200 with "is not found", 3.4. */
  readonly missingConfigName: 'bad-request' | 'not-found';
  /** The name in the not-found text of `/config`, 3.4. */
  readonly unknownConfig: 'quoted' | 'bare';
  /** `/updateConfig` with none or several parameters: a 200 that says so, or an empty 400, 3.6. */
  readonly updateConfigParameters: 'status' | 'bad-request';
  /** `/pprof/heap` without seconds, 3.9. */
  readonly pprofHeap: 'sample' | 'profile';
  /** Blanks around path components and parameters, and empty parameters, 1.4. */
  readonly urlPieces: 'trimmed' | 'kept';
  /** The 404 of an unknown path, 1.5. */
  readonly unknownPath: 'whole' | 'service-and-method';
  /** How the switched-off text of the duplication calls names the flag, 3.16. */
  readonly duplicationFlag: 'FLAGS_duplication_enabled' | 'duplication_enabled';
  /** Members of `/meta/app/duplication` beyond those every generation has, 3.16. */
  readonly duplicationMembers: readonly (
    'not_confirmed_mutations_num' | 'partition_states' | 'remote_app_name' | 'remote_replica_count'
  )[];
  /** Whether a started duplication passes DS_PREPARE, DS_APP and DS_LOG, or is DS_START, 3.16. */
  readonly duplicationStatuses: 'prepare-app-log' | 'start';
  /** `remote_app_name` in `/replica/duplication`, 3.21. */
  readonly replicaDuplicationRemoteAppName: boolean;
  /** An env change of an unknown table, 3.19. */
  readonly envOfUnknownTable: 'ERR_APP_NOT_EXIST' | 'ERR_INVALID_PARAMETERS';
  /** An env change of a table that is being dropped: refused, or not checked, 3.19. */
  readonly envOfDroppingTable: 'ERR_BUSY_DROPPING' | 'unchecked';
  /** Beginnings of env keys whose values are stored unchecked, 3.19. */
  readonly uncheckedEnvs: readonly string[];
  /** Keys of envs that master knows and this generation does not, cluster-behaviour.md 7.4. */
  readonly unsupportedEnvs: readonly string[];
  /** The words of env hints, quotes included, 3.23, cluster-behaviour.md 7.4. */
  readonly envHints: 'master' | 'older';
  /** Which release's perf counters a server has (metrics.md 4); master counts none. */
  readonly perfCounters: 'none' | '2.0' | '2.4' | '2.5';
}

/** Flags by name, with a value of their type. */
export type FlagDefaults = { readonly [N in FlagName]?: FlagValue<N> };

/** One generation of Pegasus as data: which calls exist, their texts, which form an answer takes. */
export interface Profile {
  readonly name: ProfileName;
  /** What `/version` says. */
  readonly pegasusVersion: string;
  /** Sorted by path, byte order, the order of `/`. A call without a handler in this build is not served. */
  readonly calls: Readonly<Record<Role, readonly ProfileCall[]>>;
  readonly variants: ProfileVariants;
  /** Flags whose default in the code of that generation was another one (cluster-behaviour.md 3.1, 13). */
  readonly flagDefaults: FlagDefaults;
}
