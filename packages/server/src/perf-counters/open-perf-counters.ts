import type { Clock } from '@onebox/base';
import type { Config } from '../config/config';
import { readPerfCounterSettings } from '../config/perf-counter-settings';
import type { MetricRegistry } from '../metrics';
import type { Role } from '../process/role';
import type { Profile, ProfileVariants } from '../profile/profile';
import type { RemoteCommands } from '../rpc/remote-commands';
import type { CounterGeneration } from './counter-definition';
import { perfCounterCommands } from './perf-counter-commands';
import { PerfCounters } from './perf-counters';
import { processMemory } from './process-memory';

/** Releases with the same counters; they differ in how they expose them. */
const GENERATIONS: Readonly<Record<ProfileVariants['perfCounters'], CounterGeneration | 'none'>> = {
  none: 'none',
  '2.0': '2.0',
  '2.4': '2.4',
  '2.5': '2.4',
};

/** The perf counters of a server process as its profile has them, with the remote commands about them; they take snapshots from now on. */
export function openPerfCounters(of: {
  readonly metrics: MetricRegistry;
  readonly role: Role;
  readonly clock: Clock;
  readonly config: Config;
  readonly profile: Profile;
  readonly remoteCommands: RemoteCommands;
}): PerfCounters {
  const { metrics, role, clock, config, profile, remoteCommands } = of;
  const { settings } = readPerfCounterSettings(config);
  const generation = GENERATIONS[profile.variants.perfCounters];
  const counters = new PerfCounters({
    metrics,
    role,
    clock,
    generation,
    intervalMs: settings.updateIntervalMs,
  });
  counters.provide('resident memory', () => processMemory(metrics.server).residentMb);
  counters.provide('virtual memory', () => processMemory(metrics.server).virtualMb);
  remoteCommands.add(perfCounterCommands(counters));
  counters.start();
  return counters;
}
