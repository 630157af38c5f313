import type { EventType, LoggedEvent } from '@onebox/server';

/** Which events are wanted; what is left out means all. */
export interface EventFilter {
  /** Not before this moment, unix milliseconds. */
  readonly sinceUnixMs?: number;
  readonly types?: readonly EventType[];
  /** Instances that tell it, or that a command or a supervisor tells it about; `onebox` for commands and supervisors. */
  readonly servers?: readonly string[];
  /** `APP_ID.INDEX`. */
  readonly partition?: string;
}

export function matches(event: LoggedEvent, filter: EventFilter): boolean {
  const { sinceUnixMs, types, servers, partition } = filter;
  return (
    (sinceUnixMs === undefined || event.unixMs >= sinceUnixMs) &&
    (types === undefined || types.includes(event.type)) &&
    (servers === undefined ||
      servers.some((server) => server === event.server || server === instanceOf(event))) &&
    (partition === undefined || partitionOf(event) === partition)
  );
}

/** The instance that an event is about, when somebody else tells it. */
export function instanceOf(event: LoggedEvent): string | undefined {
  return 'instance' in event ? (event.instance ?? undefined) : undefined;
}

/** The partition that an event is about, `APP_ID.INDEX`; a snapshot is about none in particular. */
export function partitionOf(event: LoggedEvent): string | undefined {
  return 'partition' in event ? event.partition : undefined;
}
