import type { LoggedEvent } from '@onebox/server';
import { demandEventServer, demandEventType, demandPartition, followEvents, readEvents } from '../event-log';
import type { ClusterRecord } from '../record/cluster-record';
import type { StateDirectory } from '../state-directory/state-directory';
import { checkOptions } from './check-options';
import type { EventsOptions } from './onebox-options';
import { EVENTS } from './option-rules';

/**
 * What happened to a cluster, and then what happens.
 *
 * @throws OneboxError ONEBOX_BAD_OPTION, ONEBOX_NO_SUCH_EVENT_TYPE, ONEBOX_NO_SUCH_INSTANCE, ONEBOX_NO_SUCH_PARTITION
 */
export function clusterEvents(
  state: StateDirectory,
  record: ClusterRecord,
  options: EventsOptions,
): AsyncIterableIterator<LoggedEvent> {
  checkOptions(options, EVENTS);
  const { since, types, servers, partition, follow, keepAlive = false, signal } = options;
  const filter = {
    ...(since === undefined ? {} : { sinceUnixMs: Number(since) }),
    ...(types === undefined ? {} : { types: types.map(demandEventType) }),
    ...(servers === undefined ? {} : { servers: servers.map((server) => demandEventServer(server, record)) }),
    ...(partition === undefined ? {} : { partition: demandPartition(partition, () => readEvents(state)) }),
  };
  return followEvents(state, filter, { signal, follow, keepsAlive: keepAlive });
}
