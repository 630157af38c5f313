import { PROFILE_NAMES, PROFILE_WORDS } from '../profile/profile-name';
import type { ProfileName } from '../profile/profile-name';
import type { Config } from './config';
import type { ConfigProblem } from './config-problem';
import { SettingReader, decimalNumber, matching, trueOrFalse, wholeNumber, wordOf } from './setting';

/** Section `[onebox]`: what this product adds to Pegasus' configuration. */
export interface OneboxSettings {
  readonly clusterName: string;
  /** `meta1`, `replica2`, `collector`; undefined in a template. */
  readonly instance: string | undefined;
  readonly profile: ProfileName;
  /** Real milliseconds per Pegasus millisecond; 1 is upstream's timing. */
  readonly timeScale: number;
  /** The address the port is opened on. */
  readonly bind: string;
  /** The host every server shows for itself. */
  readonly advertise: string;
  /** Whether THFT clients are sent `hp_*` fields too: new ones need them, older ones break on them (reference/rpc-protocol.md 1.9). */
  readonly hostPortsOnThft: boolean;
  /** Configured servers; undefined when the file does not say. */
  readonly metaCount: number | undefined;
  readonly replicaCount: number | undefined;
}

const HOST = matching(
  /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/,
  'an IPv4 address or a host name, without a port',
);

/** The keys of `[onebox]` and what each takes. */
const KINDS = {
  cluster_name: matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "up to 64 letters, digits, '.', '_' and '-'"),
  instance: matching(
    /^((meta|replica)[1-9]\d{0,2}|collector)$/,
    'meta1, meta2 ..., replica1, replica2 ... or collector',
  ),
  pegasus_version: wordOf(PROFILE_NAMES, PROFILE_WORDS),
  time_scale: decimalNumber(0.02, 10),
  bind: HOST,
  advertise: HOST,
  host_ports_on_thft: trueOrFalse,
  meta_count: wholeNumber(1, 999),
  replica_count: wholeNumber(0, 999),
} as const;

export const ONEBOX_KEYS: readonly string[] = Object.keys(KINDS);

/** Reads `[onebox]`; without the section it describes a cluster with upstream's timing on loopback. */
export function readOneboxSettings(config: Config): { settings: OneboxSettings; problems: ConfigProblem[] } {
  const reader = new SettingReader(config, 'onebox');
  const bind = reader.withDefault('bind', KINDS.bind, '127.0.0.1');
  const settings: OneboxSettings = {
    clusterName: reader.withDefault('cluster_name', KINDS.cluster_name, 'onebox'),
    instance: reader.optional('instance', KINDS.instance),
    profile: reader.withDefault('pegasus_version', KINDS.pegasus_version, 'documented'),
    timeScale: reader.withDefault('time_scale', KINDS.time_scale, 1),
    bind,
    // Nobody can connect to "every interface", so it is never shown as an address.
    advertise: reader.withDefault('advertise', KINDS.advertise, bind === '0.0.0.0' ? '127.0.0.1' : bind),
    hostPortsOnThft: reader.withDefault('host_ports_on_thft', KINDS.host_ports_on_thft, false),
    metaCount: reader.optional('meta_count', KINDS.meta_count),
    replicaCount: reader.optional('replica_count', KINDS.replica_count),
  };
  return { settings, problems: [...reader.problems] };
}
