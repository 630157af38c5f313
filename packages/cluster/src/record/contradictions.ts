import { OneboxError } from '@onebox/base';
import type { ClusterOptions } from './cluster-options';
import type { ClusterRecord } from './cluster-record';

/** A flag whose value is not the one the cluster was created with. */
export interface Contradiction {
  readonly flag: string;
  readonly said: string;
  readonly recorded: string;
}

/** How each option is compared with the record: what the flag is called, what was said, what is recorded. */
const COMPARED: readonly {
  readonly flag: string;
  readonly said: (options: ClusterOptions) => string | undefined;
  readonly recorded: (record: ClusterRecord) => string;
}[] = [
  { flag: '--metas', said: ({ metas }) => metas?.toString(), recorded: ({ metas }) => String(metas) },
  {
    flag: '--replicas',
    said: ({ replicas }) => replicas?.toString(),
    recorded: ({ replicas }) => String(replicas),
  },
  {
    flag: '--collector',
    said: ({ collector }) => collector?.toString(),
    recorded: ({ collector }) => String(collector),
  },
  { flag: '--app', said: ({ app }) => app, recorded: ({ app }) => app },
  {
    flag: '--partitions',
    said: ({ partitions }) => partitions?.toString(),
    recorded: ({ partitions }) => String(partitions),
  },
  {
    flag: '--zookeeper',
    // `auto` leaves the choice to us, and it was made when the cluster was created.
    said: ({ zookeeper }) => (zookeeper === 'auto' ? undefined : zookeeper),
    recorded: ({ zookeeper }) => zookeeper.provider,
  },
  {
    flag: '--set',
    said: ({ set }) => (set === undefined ? undefined : setText(set)),
    recorded: ({ set }) => setText(set),
  },
  {
    flag: '--time-scale',
    said: ({ timeScale }) => timeScale?.toString(),
    recorded: ({ timeScale }) => String(timeScale),
  },
  {
    flag: '--pegasus-version',
    said: ({ pegasusVersion }) => pegasusVersion,
    recorded: ({ pegasusVersion }) => pegasusVersion,
  },
  {
    flag: '--port-offset',
    said: ({ portOffset }) => portOffset?.toString(),
    recorded: ({ portOffset }) => String(portOffset),
  },
  {
    flag: '--ephemeral',
    said: ({ ephemeral }) => ephemeral?.toString(),
    recorded: ({ ephemeral }) => String(ephemeral ?? false),
  },
  { flag: '--bind', said: ({ bind }) => bind, recorded: ({ bind }) => bind },
  { flag: '--advertise', said: ({ advertise }) => advertise, recorded: ({ advertise }) => advertise },
];

/** The order in which settings were given does not change a cluster. */
function setText(set: readonly string[]): string {
  return set.length === 0 ? 'nothing' : [...set].sort().join(' ');
}

/** Everything that was said about a cluster and is not so. */
export function contradictions(record: ClusterRecord, options: ClusterOptions): readonly Contradiction[] {
  const found = COMPARED.map(({ flag, said, recorded }) => ({
    flag,
    said: said(options),
    recorded: recorded(record),
  })).filter((each): each is Contradiction => each.said !== undefined && each.said !== each.recorded);
  const { template } = options;
  if (template === undefined || template.text === record.template.text) return found;
  const recorded = template.file === record.template.file ? 'the text it had then' : record.template.file;
  return [...found, { flag: '--config', said: template.file, recorded }];
}

/** @throws OneboxError ONEBOX_CONTRADICTS_RECORD naming every flag with both of its values */
export function refuseContradictions(record: ClusterRecord, options: ClusterOptions): void {
  const found = contradictions(record, options);
  if (found.length === 0) return;
  const list = found.map(({ flag, said, recorded }) => `${flag} is ${recorded}, not ${said}`).join('; ');
  throw new OneboxError(
    'ONEBOX_CONTRADICTS_RECORD',
    `cluster '${record.name}' was created with other settings: ${list}`,
    {
      nextStep: 'Leave the flag out, take another --name, or delete this cluster with `onebox clear`.',
      data: { contradictions: found },
    },
  );
}
