import { tryParseHostPort, toNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { Config } from './config';
import { configProblem } from './config-problem';
import type { ConfigProblem } from './config-problem';
import { splitList } from './list-value';
import { wholeNumber } from './setting';

const CLUSTERS = 'pegasus.clusters';
const GROUP = 'duplication-group';

/** Ids go into a signed byte, and 0 stands for "none" (reference/cluster-behaviour.md 8.1). */
const CLUSTER_ID = wholeNumber(1, 127);

/** Which clusters there are for duplication: where their meta servers are, and their ids. Either may be missing for a name. */
export interface DuplicationClusters {
  readonly metas: ReadonlyMap<string, readonly Node[]>;
  readonly ids: ReadonlyMap<string, number>;
}

/** Reads `[pegasus.clusters]` and `[duplication-group]`. */
export function readDuplicationClusters(config: Config): {
  clusters: DuplicationClusters;
  problems: ConfigProblem[];
} {
  const problems: ConfigProblem[] = [];
  const metas = new Map<string, readonly Node[]>();
  for (const { key, value, origin } of config.sections.get(CLUSTERS)?.values() ?? []) {
    const nodes = splitList(value).map((text) => tryParseHostPort(text));
    const known = nodes.filter((node) => node !== undefined).map(toNode);
    if (known.length > 0 && known.length === nodes.length) metas.set(key, known);
    else {
      problems.push(
        configProblem(
          'ONEBOX_CONFIG_BAD_VALUE',
          origin,
          `[${CLUSTERS}] ${key} = ${value} is no list of servers`,
          {
            section: CLUSTERS,
            key,
            allowed: 'host:port of each meta server of that cluster, with commas between them',
          },
        ),
      );
    }
  }
  const { ids, problems: idProblems } = readIds(config);
  return { clusters: { metas, ids }, problems: [...problems, ...idProblems] };
}

function readIds(config: Config): { ids: Map<string, number>; problems: ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const ids = new Map<string, number>();
  const owners = new Map<number, string>();
  for (const { key, value, origin } of config.sections.get(GROUP)?.values() ?? []) {
    const bad = (what: string, allowed: string): void => {
      problems.push(
        configProblem('ONEBOX_CONFIG_BAD_VALUE', origin, `[${GROUP}] ${key} = ${value} ${what}`, {
          section: GROUP,
          key,
          allowed,
        }),
      );
    };
    const id = CLUSTER_ID.read(value);
    const owner = id === undefined ? undefined : owners.get(id);
    if (id === undefined) bad('is no id of a cluster', CLUSTER_ID.allowed);
    else if (owner !== undefined) bad(`is already the id of ${owner}`, 'each id once');
    else {
      ids.set(key, id);
      owners.set(id, key);
    }
  }
  return { ids, problems };
}
