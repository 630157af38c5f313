import { describeError, type Logger } from '@onebox/base';
import { Event, type LibraryEvent } from 'node-zookeeper-client';
import type { WatchEvent, WatchListener } from './znode';

const KINDS = new Map<number, WatchEvent['kind']>([
  [Event.NODE_CREATED, 'created'],
  [Event.NODE_DELETED, 'deleted'],
  [Event.NODE_DATA_CHANGED, 'changed'],
  [Event.NODE_CHILDREN_CHANGED, 'children'],
]);

/** A listener as the library calls it. What it throws is logged: it would end up in the socket's event otherwise. */
export function toLibraryWatcher(listener: WatchListener, log: Logger): (event: LibraryEvent) => void {
  return (event) => {
    const kind = KINDS.get(event.getType());
    if (kind === undefined) return;
    try {
      listener({ kind, path: event.getPath() });
    } catch (error) {
      log.error(`watch on ${event.getPath()} failed: ${describeError(error)}`);
    }
  };
}
