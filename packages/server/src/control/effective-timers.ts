import type { FlagName, FlagValue } from '../flags/flag-table';

/** The periods a server runs with, in real milliseconds: flags in Pegasus time, multiplied by the time scale. */
export interface EffectiveTimers {
  readonly beaconMs: number;
  readonly checkMs: number;
  readonly leaseMs: number;
  readonly graceMs: number;
  readonly guardianIntervalMs: number;
  readonly configSyncMs: number;
  readonly groupCheckMs: number;
  /** What is asked of ZooKeeper; only metas ask. */
  readonly zookeeperSessionAskedMs: number;
}

export function effectiveTimers(
  flags: { get<N extends FlagName>(name: N): FlagValue<N> },
  timeScale: number,
): EffectiveTimers {
  const real = (pegasusMs: number): number => Math.round(pegasusMs * timeScale * 1000) / 1000;
  return {
    beaconMs: real(flags.get('fd_beacon_interval_seconds') * 1000),
    checkMs: real(flags.get('fd_check_interval_seconds') * 1000),
    leaseMs: real(flags.get('fd_lease_seconds') * 1000),
    graceMs: real(flags.get('fd_grace_seconds') * 1000),
    guardianIntervalMs: real(flags.get('lb_interval_ms')),
    configSyncMs: real(flags.get('config_sync_interval_ms')),
    groupCheckMs: real(flags.get('group_check_interval_ms')),
    zookeeperSessionAskedMs: real(flags.get('timeout_ms')),
  };
}
