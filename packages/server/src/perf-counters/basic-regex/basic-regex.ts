import { Machine } from './machine';
import { parseBasicRegex } from './syntax';

/** Beyond this many sets of states it forgets those it has seen. */
const MOST_KNOWN = 1000;

interface Known {
  readonly states: readonly number[];
  readonly matches: boolean;
  readonly after: Map<number, Known>;
}

/**
 * A POSIX basic regular expression that a whole text must match. Time grows with the text only; what was once worked out for a
 * character is remembered, so that many texts are quick.
 */
export class BasicRegex {
  private readonly machine: Machine;
  private known = new Map<string, Known>();
  private begin: Known;

  /** @throws BasicRegexError */
  constructor(pattern: string) {
    this.machine = new Machine(parseBasicRegex(pattern));
    this.begin = this.beginning();
  }

  matches(text: string): boolean {
    let now = this.begin;
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      now = now.after.get(code) ?? this.step(now, code);
      if (now.states.length === 0) return false;
    }
    return now.matches;
  }

  private beginning(): Known {
    const states = this.machine.begin();
    return { states, matches: this.machine.matches(states, true), after: new Map() };
  }

  private step(from: Known, code: number): Known {
    const states = this.machine.after(from.states, code);
    const key = states.join(' ');
    let next = this.known.get(key);
    if (next === undefined) {
      if (this.known.size >= MOST_KNOWN) {
        this.known = new Map();
        this.begin = this.beginning();
      }
      next = { states, matches: this.machine.matches(states, false), after: new Map() };
      this.known.set(key, next);
    }
    from.after.set(code, next);
    return next;
  }
}
