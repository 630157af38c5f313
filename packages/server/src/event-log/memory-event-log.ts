import { EventLines, machineTimes } from './event-lines';
import type { EventFacts, EventLog, EventType, LoggedEvent } from './logged-event';

/** Keeps events instead of writing them: for servers that run in the process of a test. */
export class MemoryEventLog implements EventLog {
  readonly events: LoggedEvent[] = [];
  private readonly lines: EventLines;
  private readonly beginners: (() => void)[] = [];

  private head = 0;
  private rotating = false;

  /** @param rotatesAt how many events are kept before the next one begins anew, as when a file is full; what that begins with does not count */
  constructor(
    server: string,
    private readonly rotatesAt = Infinity,
  ) {
    this.lines = new EventLines(server, machineTimes());
  }

  tell<T extends EventType>(type: T, facts: EventFacts[T], cause?: string): string {
    if (!this.rotating && this.events.length - this.head >= this.rotatesAt) this.rotate();
    const { id, text } = this.lines.next(type, facts, cause);
    // As a reader gets it: a copy, which nobody changes afterwards.
    this.events.push(JSON.parse(text) as LoggedEvent);
    return id;
  }

  onRotated(tell: () => void): void {
    this.beginners.push(tell);
  }

  /** As when a file is full: what was told so far is gone. */
  rotate(): void {
    this.rotating = true;
    this.events.length = 0;
    for (const tell of this.beginners) tell();
    this.head = this.events.length;
    this.rotating = false;
  }

  close(): void {
    // Nothing is held.
  }
}
