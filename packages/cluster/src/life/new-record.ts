import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { OneboxError } from '@onebox/base';
import { exposerPortOf } from '../configuration/server-configs';
import type { ConfigSource } from '../configuration/server-configs';
import { pickPortOffset } from '../ports/auto-offset';
import type { ClusterOptions } from '../record/cluster-options';
import type { ClusterRecord } from '../record/cluster-record';
import { createRecord } from '../record/create-record';
import { readRecord } from '../record/record-file';
import { StateDirectory, clusterNames } from '../state-directory/state-directory';
import { portsOf, serversOf } from '../topology';
import { chooseProvider } from '../zookeeper-provider';
import type { ClusterParts } from './cluster-context';

/** The record of a cluster that does not exist yet: its ZooKeeper is chosen, and its ports where they may be anywhere. */
export async function newRecord(
  { state, installation, emit }: ClusterParts,
  options: ClusterOptions & { readonly signal?: AbortSignal },
): Promise<ClusterRecord> {
  const { signal } = options;
  const file = basename(installation.template);
  const template = { file, text: readFileSync(installation.template, 'utf8') };
  const choose = async (setting: string, ownPort: number) => {
    const announce = (line: string) => emit({ kind: 'notice', line });
    const { provider, line } = await chooseProvider(setting, { ...installation, announce, signal });
    signal?.throwIfAborted();
    announce(line);
    const hosts = provider.kind === 'external' ? provider.recorded : `127.0.0.1:${ownPort}`;
    return { kind: provider.kind, provider: provider.recorded, hosts };
  };
  const place = (source: ConfigSource) => {
    // Those of a role differ in their ports only.
    const ofEachRole = new Map(serversOf(source).map((server) => [server.role, server])).values();
    const exposer = [...ofEachRole].some((server) => exposerPortOf(source, server) !== undefined);
    return pickPortOffset({ ...source, exposer }, source.bind, portsOfOthers(state));
  };
  return createRecord(state.name, options, template, choose, place);
}

/** Ports that stand in the records of the other clusters of this home: those may be stopped now. */
function portsOfOthers({ home, name }: StateDirectory): ReadonlySet<number> {
  const others = clusterNames(home).filter((other) => other !== name);
  return new Set(
    others.flatMap((other) => {
      try {
        const record = readRecord(new StateDirectory(home, other));
        return record === undefined ? [] : portsOf({ ...record, exposer: true });
      } catch (error) {
        if (error instanceof OneboxError) return []; // Another version's: what runs of it is seen at its ports.
        throw error;
      }
    }),
  );
}
