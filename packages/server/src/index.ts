// Configuration.
export type { Config, ConfigEntry } from './config/config';
export * from './config/config-problem';
export * from './config/check-config';
export { closestWord, examplesOf } from './config/closest-word';
export type { DefaultTable } from './config/default-tables';
export { readDefaultTables } from './config/default-tables';
export type { DuplicationClusters } from './config/duplication-clusters';
export { readDuplicationClusters } from './config/duplication-clusters';
export * from './config/instance-config';
export * from './config/list-value';
export type { OneboxSettings } from './config/onebox-settings';
export { applyOverrides, parseOverrides } from './config/override';
export type { Override } from './config/override';
export * from './config/parse-ini';
export * from './config/placeholders';
export { readPerfCounterSettings } from './config/perf-counter-settings';
export { readServerPort } from './config/server-port';

// Flags.
export type { FlagDefinition, FlagRole } from './flags/flag-definition';
export * from './flags/flag-period';
export * from './flags/flag-table';
export type { FlagType, StoredValue } from './flags/flag-type';
export { parseValue } from './flags/flag-type';
export * from './flags/flags';

// Block service.
export * from './block-service';

// Version profiles.
export type { Profile, ProfileCall, ProfileVariants } from './profile/profile';
export * from './profile/profile-name';
export * from './profile/profiles';

// Profiles of the server itself.
export { SAMPLE_PARAMETER } from './pprof';

// The server process.
export * from './process/role';
export * from './process/run-server';
export * from './process/server-context';
export * from './process/start-server';

// Control of a running server.
export * from './control/ask-control';
export type { ControlCommand, ControlServer } from './control/control-server';
export { startControlServer } from './control/control-server';
export { CONTROL_SOCKET, checkSocketPath } from './control/control-socket';
export type { ControlAnswer, ControlRequest } from './control/control-socket';
export type {
  PartitionsAnswer,
  PartitionsRequest,
  TableMembers,
  ToldTable,
} from './control/partitions-command';
export type { EffectiveTimers } from './control/effective-timers';
export { effectiveTimers } from './control/effective-timers';
export type { ServerStatus } from './control/status-command';

// One port, two protocols.
export * from './http';
export * from './listener';
export * from './rpc';

// Cold backup, as metas and replica servers agree on it.
export * from './cold-backup';

// Metrics, and their old generation.
export * from './metrics';
export * from './perf-counters';

// What the servers of a cluster tell of themselves, and what is broken on purpose.
export * from './event-log';
export * from './faults';
