import type { Availability } from '../zookeeper-provider';
import type { RecordedZooKeeper } from '../record/cluster-record';
import { findingsOf } from './finding';
import type { Finding } from './finding';
import { installCommand } from './machine-tools';
import type { MachineTools } from './machine-tools';

export interface ProviderFacts {
  readonly docker: Availability;
  /** False: the first start would have to pull it. Undefined: the engine did not say. */
  readonly imageThere: boolean | undefined;
  readonly local: Availability;
  readonly embedded: Availability;
  /** What the cluster was created with, if it exists, and whether that can be used now. */
  readonly recorded: { readonly zookeeper: RecordedZooKeeper; readonly available: Availability } | undefined;
}

const say = findingsOf('provider');

/** Which ZooKeeper a start takes: the recorded one of a cluster that exists, of a new one what `auto` chooses. */
export function checkProvider(facts: ProviderFacts, tools: MachineTools): readonly Finding[] {
  return [...recorded(facts), automatic(facts, tools)];
}

function recorded({ recorded: known }: ProviderFacts): readonly Finding[] {
  if (known === undefined) return [];
  const { zookeeper, available } = known;
  const data = { recorded: zookeeper.provider };
  if (available.ok) {
    return [say.ok(`the cluster was created with ${zookeeper.provider} (${available.detail})`, { data })];
  }
  return [
    say.problem(
      `the cluster was created with ${zookeeper.provider}, which cannot be used: ${available.why}`,
      {
        advice:
          zookeeper.kind === 'external'
            ? 'Start that ZooKeeper; another one would not have the tables of the cluster.'
            : 'See docker, java and zookeeper above; another ZooKeeper would not have the tables of the cluster.',
        data: { ...data, why: available.why },
      },
    ),
  ];
}

function automatic({ docker, imageThere, local, embedded }: ProviderFacts, tools: MachineTools): Finding {
  if (docker.ok) {
    const pull = imageThere === false ? ', once its image is pulled' : '';
    return say.ok(`auto takes docker${pull}: a Docker engine answers`, { data: { auto: 'docker' } });
  }
  if (local.ok) {
    return say.ok(`auto takes local (${local.detail}): ${docker.why}`, { data: { auto: 'local' } });
  }
  const why = `${docker.why}, and ${local.why}`;
  if (embedded.ok) {
    return say.warning(`auto takes embedded: ${why}`, {
      advice: 'That is enough to work with, but it is not Apache ZooKeeper.',
      fix: installCommand('zookeeper', tools),
      data: { auto: 'embedded' },
    });
  }
  return say.problem(`there is no ZooKeeper for auto: ${why}, and ${embedded.why}`, {
    fix: installCommand('zookeeper', tools),
    data: { auto: null },
  });
}
