import { readFileSync } from 'node:fs';
import { OneboxError } from '@onebox/base';
import { DEFAULT_OPTIONS, TIMINGS } from '../record/cluster-options';
import type { ClusterOptions } from '../record/cluster-options';
import { badOption } from './bad-option';
import type { OneboxStartOptions } from './onebox-options';
import type { TablePlan } from './table-plan';

/** Needs nothing installed, and is up before the servers are: what a test wants, unless it is about ZooKeeper itself. */
const ZOOKEEPER = 'embedded';

/**
 * What the options of the API mean in those of a cluster.
 *
 * @param isKnown whether the cluster exists: then what was not said is its record's to say
 * @throws OneboxError ONEBOX_BAD_OPTION, ONEBOX_UNREADABLE_CONFIG
 */
export function clusterOptionsOf(
  options: OneboxStartOptions,
  tables: TablePlan['options'],
  isKnown: boolean,
): ClusterOptions {
  const { metas, replicas, collector, pegasusVersion, bind, advertise, ports = 'auto', config } = options;
  const set = [...tables.set, ...settingTexts(options.set ?? {})];
  return {
    ...{ metas, replicas, collector, pegasusVersion, bind, advertise },
    app: tables.app,
    partitions: tables.partitions,
    zookeeper: options.zookeeper ?? (isKnown ? undefined : ZOOKEEPER),
    set: set.length === 0 && isKnown ? undefined : set,
    timeScale: timeScaleOf(options),
    template: config === undefined ? undefined : readTemplate(config),
    ...(ports === 'auto' ? { ports } : { portOffset: ports }),
    ephemeral: options.ephemeral ?? true,
  };
}

/** Replica servers of the cluster that the options ask for. */
export function replicaServersOf({ replicas }: OneboxStartOptions): number {
  return replicas ?? DEFAULT_OPTIONS.replicas;
}

function timeScaleOf({ timing, timeScale }: OneboxStartOptions): number | undefined {
  if (timing === undefined) return timeScale;
  if (timeScale !== undefined) throw badOption('timing', 'it says the same as timeScale; give one of them');
  const known = Object.keys(TIMINGS);
  if (!known.includes(timing)) throw badOption('timing', `'${timing}' is none of ${known.join(', ')}`);
  return TIMINGS[timing];
}

function settingTexts(set: NonNullable<OneboxStartOptions['set']>): readonly string[] {
  return Object.entries(set).map(([key, value]) => `${key}=${value}`);
}

function readTemplate(file: string): { readonly file: string; readonly text: string } {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new OneboxError('ONEBOX_UNREADABLE_CONFIG', `config: ${file} cannot be read`, {
      nextStep: 'Name a copy of onebox.ini.',
      data: { file },
      cause: error,
    });
  }
}
