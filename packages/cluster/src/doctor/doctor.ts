import type { Installation } from '../life/installation';
import { runDoctor } from './run-doctor';
import type { Diagnosis } from './run-doctor';
import { systemProbes } from './system/system-probes';
import { findTarget } from './target';

export interface DoctorOptions {
  /** The cluster that is asked about; it need not exist. */
  readonly name: string;
  readonly home: string;
  readonly installation: Installation;
  readonly environment: NodeJS.ProcessEnv;
  /** Look at these ports instead of the cluster's own. */
  readonly portOffset?: number;
}

/**
 * Looks whether this machine can run a cluster, and what earlier ones left behind. Changes nothing, takes less than two
 * seconds.
 *
 * @throws OneboxError ONEBOX_BAD_NAME
 */
export function examine(options: DoctorOptions): Promise<Diagnosis> {
  const target = findTarget(options.name, options.home, options.portOffset);
  return runDoctor(target, systemProbes(target, options.installation, options.environment));
}
