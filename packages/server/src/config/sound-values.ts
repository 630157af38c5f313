import { tryParseHostPort } from '@onebox/base';
import type { Flags } from '../flags/flags';
import type { Config, ConfigEntry } from './config';
import { configProblem } from './config-problem';
import type { ConfigProblem } from './config-problem';
import { splitList } from './list-value';

/** A condition that upstream's flag table does not state, without which a server of ours could not run. */
interface SoundValue {
  /** The flags it speaks of, as `[section] key`; the first one that is written is blamed. */
  readonly keys: readonly (readonly [section: string, key: string])[];
  readonly allowed: string;
  holds(flags: Flags): boolean;
}

/** Timers of a period of 0 would spin. */
const ARMED_TIMERS = [
  ['replication', 'fd_check_interval_seconds'],
  ['replication', 'fd_beacon_interval_seconds'],
  ['replication', 'group_check_interval_ms'],
  ['replication', 'lb_interval_ms'],
  ['replication', 'gc_interval_ms'],
  ['replication', 'checkpoint_interval_seconds'],
  ['replication', 'disk_stat_interval_seconds'],
  ['pegasus.collector', 'app_stat_interval_seconds'],
  ['zookeeper', 'timeout_ms'],
] as const;

const FUNCTION_LEVELS = ['stopped', 'blind', 'freezed', 'steady', 'lively'];

const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'FATAL'].map((level) => `LOG_LEVEL_${level}`);

const ZOOKEEPER_PATH = /^(\/|(\/[^/\s]+)+)$/;

const SOUND_VALUES: readonly SoundValue[] = [
  ...ARMED_TIMERS.map(([section, key]): SoundValue => ({
    keys: [[section, key]],
    allowed: 'a number > 0',
    holds: (flags) => flags.get(key) > 0,
  })),
  {
    // reference/cluster-behaviour.md 13.1: a lease that outlives the grace would leave two primaries.
    keys: [
      ['replication', 'fd_beacon_interval_seconds'],
      ['replication', 'fd_lease_seconds'],
      ['replication', 'fd_grace_seconds'],
    ],
    allowed: 'fd_beacon_interval_seconds < fd_lease_seconds < fd_grace_seconds',
    holds: (flags) =>
      flags.get('fd_beacon_interval_seconds') < flags.get('fd_lease_seconds') &&
      flags.get('fd_lease_seconds') < flags.get('fd_grace_seconds'),
  },
  {
    keys: [['meta_server', 'server_list']],
    allowed: 'host:port,host:port ..., each server once',
    holds: (flags) =>
      splitList(flags.get('server_list')).length > 0 && isServerList(flags.get('server_list')),
  },
  {
    keys: [['meta_server', 'replica_white_list']],
    allowed: 'empty, or host:port,host:port ..., each server once',
    holds: (flags) => isServerList(flags.get('replica_white_list')),
  },
  {
    keys: [['core', 'logging_start_level']],
    allowed: LOG_LEVELS.join(', '),
    holds: (flags) => LOG_LEVELS.includes(flags.get('logging_start_level')),
  },
  {
    keys: [['meta_server', 'meta_function_level_on_start']],
    allowed: FUNCTION_LEVELS.join(', '),
    holds: (flags) => FUNCTION_LEVELS.includes(flags.get('meta_function_level_on_start')),
  },
  {
    keys: [['meta_server', 'cluster_root']],
    allowed: 'a ZooKeeper path, for example /pegasus/onebox/127.0.0.1',
    holds: (flags) => ZOOKEEPER_PATH.test(flags.get('cluster_root')),
  },
  {
    keys: [['meta_server', 'distributed_lock_service_parameters']],
    allowed: 'a ZooKeeper path, for example /pegasus/onebox/127.0.0.1',
    holds: (flags) => ZOOKEEPER_PATH.test(flags.get('distributed_lock_service_parameters')),
  },
];

function isServerList(text: string): boolean {
  const servers = splitList(text);
  return (
    new Set(servers).size === servers.length &&
    servers.every((server) => tryParseHostPort(server) !== undefined)
  );
}

/** Checks what no single flag's rule can say. Flags that could not be read have their default here. */
export function findUnsoundValues(config: Config, flags: Flags): ConfigProblem[] {
  return SOUND_VALUES.filter((value) => !value.holds(flags)).map(({ keys, allowed }) => {
    const entries = keys.map(([section, key]) => ({ section, key, entry: config.entry(section, key) }));
    const blamed = entries.find(({ entry }) => entry !== undefined) ?? entries[0];
    const said = entries
      .filter(({ entry }) => entry !== undefined)
      .map(({ section, key, entry }) => assignment(section, key, entry));
    const what = said.length === 0 ? `${missing(keys)} must be set` : `${said.join(' and ')} is not allowed`;
    return configProblem(
      'ONEBOX_CONFIG_BAD_VALUE',
      blamed?.entry?.origin ?? { kind: 'default', file: config.file },
      what,
      {
        section: blamed?.section,
        key: blamed?.key,
        allowed,
      },
    );
  });
}

function assignment(section: string, key: string, entry: ConfigEntry | undefined): string {
  return `[${section}] ${key} = ${entry?.value ?? ''}`;
}

function missing(keys: SoundValue['keys']): string {
  return keys.map(([section, key]) => `[${section}] ${key}`).join(' and ');
}
