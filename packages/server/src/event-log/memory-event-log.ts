import { EventLines, machineTimes } from './event-lines';
import type { EventFacts, EventLog, EventType, LoggedEvent } from './logged-event';

/** Keeps events instead of writing them: for servers that run in the process of a test. */
export class MemoryEventLog implements EventLog {
  readonly events: LoggedEvent[] = [];
  private readonly lines: EventLines;
  private readonly beginners: (() => void)[] = [];

  constructor(server: string) {
    this.lines = new EventLines(server, machineTimes());
  }

  tell<T extends EventType>(type: T, facts: EventFacts[T], cause?: string): string {
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
    this.events.length = 0;
    for (const tell of this.beginners) tell();
  }

  close(): void {
    // Nothing is held.
  }
}
