import { BasicRegexError } from './syntax';
import type { Pattern } from './syntax';

/** A state of the machine: takes a character, goes on without one to one or two others, or is the end. */
type State =
  | { readonly kind: 'character'; readonly accepts: (code: number) => boolean; next: number }
  | { readonly kind: 'at start' | 'at end'; next: number }
  | { readonly kind: 'fork'; next: number; other: number }
  | { readonly kind: 'end' };

/** Counts are written out, so that a short pattern can become a large machine. std::regex has a limit as well. */
const MOST_STATES = 5000;

/**
 * The states a pattern can be in. It knows no way back: reading a name takes as many steps as the name has characters, whatever
 * the pattern is, so that no filter can hold a server up.
 */
export class Machine {
  private readonly states: State[] = [];
  private readonly start: number;

  /** @throws BasicRegexError when the pattern needs more than 5,000 states */
  constructor(pattern: Pattern) {
    const end = this.add({ kind: 'end' });
    this.start = this.build(pattern, end);
  }

  /** Where it is before the first character. */
  begin(): readonly number[] {
    return this.reach([this.start], { atStart: true, atEnd: false });
  }

  /** Where it is one character later. */
  after(from: readonly number[], code: number): readonly number[] {
    const next: number[] = [];
    for (const at of from) {
      const state = this.states[at];
      if (state?.kind === 'character' && state.accepts(code)) next.push(state.next);
    }
    return this.reach(next, { atStart: false, atEnd: false });
  }

  /** Whether what was read is a match, when nothing follows. */
  matches(from: readonly number[], atStart: boolean): boolean {
    return this.reach(from, { atStart, atEnd: true }).some((at) => this.states[at]?.kind === 'end');
  }

  /** All states that can be reached without a character; ascending. */
  private reach(from: readonly number[], where: { atStart: boolean; atEnd: boolean }): readonly number[] {
    const reached = new Set<number>();
    const open = [...from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (reached.has(at)) continue;
      reached.add(at);
      const state = this.states[at];
      if (state?.kind === 'fork') open.push(state.next, state.other);
      if (state?.kind === 'at start' && where.atStart) open.push(state.next);
      if (state?.kind === 'at end' && where.atEnd) open.push(state.next);
    }
    return [...reached].sort((a, b) => a - b);
  }

  /** Adds the states of a pattern in front of `next`; gives the first of them. */
  private build(pattern: Pattern, next: number): number {
    switch (pattern.kind) {
      case 'character':
        return this.add({ kind: 'character', accepts: pattern.accepts, next });
      case 'at start':
      case 'at end':
        return this.add({ kind: pattern.kind, next });
      case 'sequence':
        return pattern.parts.reduceRight((after, part) => this.build(part, after), next);
      case 'repeated':
        return this.repeat(pattern.part, pattern.least, pattern.most, next);
    }
  }

  private repeat(part: Pattern, least: number, most: number | undefined, next: number): number {
    let first = next;
    if (most === undefined) {
      const loop: State = { kind: 'fork', next, other: next };
      first = this.add(loop);
      loop.other = this.build(part, first);
    } else {
      for (let i = least; i < most; i += 1) {
        first = this.add({ kind: 'fork', next, other: this.build(part, first) });
      }
    }
    for (let i = 0; i < least; i += 1) {
      const before = this.states.length;
      first = this.build(part, first);
      // A part without a state stays one however often it is repeated.
      if (this.states.length === before) break;
    }
    return first;
  }

  private add(state: State): number {
    if (this.states.length >= MOST_STATES) throw new BasicRegexError('the pattern is too large');
    return this.states.push(state) - 1;
  }
}
