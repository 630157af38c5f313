import {
  demandPartition,
  explainPartition,
  readEvents,
  refuseUnheardPartition,
  serversOf,
} from '@onebox/cluster';
import type { ClusterRecord, StateDirectory } from '@onebox/cluster';
import { MOST_PARTITION_EVENTS } from '../model';
import type { PartitionEvents } from '../model';
import { eventEntry } from './event-entry';
import { eventWords } from './event-words';

/**
 * What `onebox events --partition` shows: all that the whole log has of a partition, with what led to each change of it. It reads every
 * file there is.
 *
 * @param word `2.3`, or with the table's name `temp.3`
 * @throws OneboxError ONEBOX_NO_SUCH_PARTITION
 */
export function partitionEvents(
  state: Pick<StateDirectory, 'path' | 'pm2Home'>,
  record: ClusterRecord,
  word: string,
): PartitionEvents {
  const all = readEvents(state);
  const partition = demandPartition(word, () => all);
  refuseUnheardPartition(partition, all);
  const meant = new Set<string>();
  const causes = new Map<string, string | null>();
  for (const { event, causes: chain } of explainPartition(all, partition, serversOf(record))) {
    meant.add(event.id);
    // Of what is no change of the configuration only what its server said is known.
    if (event.type !== 'configuration-changed') continue;
    let effect = event.id;
    for (const { id } of chain) {
      meant.add(id);
      causes.set(effect, id);
      effect = id;
    }
    causes.set(effect, null);
  }
  const words = eventWords(record);
  const events = all
    .filter(({ id }) => meant.has(id))
    .map((event) => {
      const entry = eventEntry(event, words);
      const cause = causes.get(event.id);
      return cause === undefined ? entry : { ...entry, cause };
    });
  return {
    partition,
    events: events.slice(-MOST_PARTITION_EVENTS),
    cut: events.length > MOST_PARTITION_EVENTS,
  };
}
