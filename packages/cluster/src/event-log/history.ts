import type { Node } from '@onebox/base';
import type { EventType, LoggedEvent } from '@onebox/server';
import type { ServerInstance } from '../topology';

export type EventOf<T extends EventType> = Extract<LoggedEvent, { readonly type: T }>;

/** Events in order, to look for what was before one of them. */
export class History {
  private readonly positions = new Map<LoggedEvent, number>();
  private readonly byId = new Map<string, LoggedEvent>();
  private readonly byType = new Map<string, LoggedEvent[]>();
  private readonly instances = new Map<Node, string>();

  /**
   * @param events in order, as `readEvents` gives them
   * @param servers where instances are, for those whose start is not among the events any more
   * @param timeScale of the cluster: some events tell Pegasus time
   */
  constructor(
    events: readonly LoggedEvent[],
    servers: readonly Pick<ServerInstance, 'name' | 'node'>[] = [],
    readonly timeScale = 1,
  ) {
    for (const { name, node } of servers) this.instances.set(node, name);
    for (const [position, event] of events.entries()) {
      this.positions.set(event, position);
      this.byId.set(event.id, event);
      const ofType = this.byType.get(event.type);
      if (ofType === undefined) this.byType.set(event.type, [event]);
      else ofType.push(event);
      if (event.type === 'server-started') this.instances.set(event.node, event.server);
    }
  }

  find(id: string): LoggedEvent | undefined {
    return this.byId.get(id);
  }

  /** The instance at an address; undefined when it is not known. */
  instanceAt(node: Node | null): string | undefined {
    return node === null ? undefined : this.instances.get(node);
  }

  /** The latest event of a type before another one for which a condition holds. */
  latest<T extends EventType>(
    before: LoggedEvent,
    type: T,
    holds: (event: EventOf<T>) => boolean = () => true,
  ): EventOf<T> | undefined {
    const end = this.positionOf(before);
    const ofType = (this.byType.get(type) ?? []) as readonly unknown[] as readonly EventOf<T>[];
    return ofType.findLast((event) => this.positionOf(event) < end && holds(event));
  }

  /** The first event of a type after another one for which a condition holds. */
  next<T extends EventType>(
    after: LoggedEvent,
    type: T,
    holds: (event: EventOf<T>) => boolean,
  ): EventOf<T> | undefined {
    const begin = this.positionOf(after);
    const ofType = (this.byType.get(type) ?? []) as readonly unknown[] as readonly EventOf<T>[];
    return ofType.find((event) => this.positionOf(event) > begin && holds(event));
  }

  /** An event, if it is after another one: it is no cause of what came after that. */
  since(earliest: LoggedEvent | undefined, event: LoggedEvent | undefined): LoggedEvent | undefined {
    return this.isBefore(earliest, event) ? event : undefined;
  }

  /** The latest of some events. */
  last(...events: readonly (LoggedEvent | undefined)[]): LoggedEvent | undefined {
    return events.reduce((last, each) => (this.isBefore(last, each) ? each : last), undefined);
  }

  /** Whether one event is before another; what is not there is before everything. */
  isBefore(event: LoggedEvent | undefined, other: LoggedEvent | undefined): boolean {
    return this.positionOf(event) < this.positionOf(other);
  }

  private positionOf(event: LoggedEvent | undefined): number {
    return event === undefined ? -1 : (this.positions.get(event) ?? -1);
  }
}
