/** What a part of a pattern matches. */
export type Pattern =
  | { readonly kind: 'character'; readonly accepts: (code: number) => boolean }
  | { readonly kind: 'at start' }
  | { readonly kind: 'at end' }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  /** `most` undefined: without limit. */
  | {
      readonly kind: 'repeated';
      readonly part: Pattern;
      readonly least: number;
      readonly most: number | undefined;
    };

/** A pattern that is none, or one that this product does not take. */
export class BasicRegexError extends Error {}

/** More than anybody writes, and little enough that nested groups cannot exhaust the stack. */
const LONGEST_PATTERN = 4096;
const DEEPEST_GROUP = 100;

/** What may follow a backslash and stands for itself then. */
const ESCAPABLE = '.[\\*^$';

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[\x21-\x7e]/,
  lower: /[a-z]/,
  print: /[\x20-\x7e]/,
  punct: /[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

/**
 * Reads a POSIX basic regular expression as GNU's std::regex reads one, whose choices where POSIX leaves one are: a star needs
 * something in front of it, an ordinary character must not be escaped, `^` and `$` are anchors wherever they stand.
 *
 * `(`, `)`, `{`, `}`, `+`, `?` and `|` stand for themselves; groups and counts are written `\(…\)` and `\{m,n\}`.
 *
 * @throws BasicRegexError for what std::regex refuses, for back references, and for patterns of more than 4,096 characters
 */
export function parseBasicRegex(text: string): Pattern {
  if (text.length > LONGEST_PATTERN) throw new BasicRegexError('the pattern is too long');
  const parser = new Parser(text);
  const pattern = parser.sequence(0);
  parser.expectEnd();
  return pattern;
}

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  sequence(depth: number): Pattern {
    const parts: Pattern[] = [];
    while (this.at < this.text.length && !this.sees('\\)')) parts.push(this.repetitions(this.atom(depth)));
    return { kind: 'sequence', parts };
  }

  expectEnd(): void {
    if (this.at < this.text.length) throw new BasicRegexError('a group ends that did not begin');
  }

  private atom(depth: number): Pattern {
    if (this.take('\\(')) {
      if (depth >= DEEPEST_GROUP) throw new BasicRegexError('groups are nested too deeply');
      const group = this.sequence(depth + 1);
      if (!this.take('\\)')) throw new BasicRegexError('a group does not end');
      return group;
    }
    const character = this.next();
    if (character === '\\') {
      const escaped = this.next();
      if (!ESCAPABLE.includes(escaped)) throw new BasicRegexError(`\\${escaped} means nothing here`);
      return literal(escaped);
    }
    if (character === '[') return { kind: 'character', accepts: this.bracket() };
    if (character === '.') return { kind: 'character', accepts: (code) => code !== 0 };
    if (character === '^') return { kind: 'at start' };
    if (character === '$') return { kind: 'at end' };
    if (character === '*') throw new BasicRegexError('nothing to repeat in front of a star');
    return literal(character);
  }

  private repetitions(part: Pattern): Pattern {
    let repeated = part;
    for (;;) {
      const anchor = part.kind === 'at start' || part.kind === 'at end';
      if (this.sees('*') && !anchor) {
        this.at += 1;
        // A star behind a star says nothing new.
        const starred = repeated.kind === 'repeated' && repeated.least === 0 && repeated.most === undefined;
        if (!starred) repeated = { kind: 'repeated', part: repeated, least: 0, most: undefined };
      } else if (this.sees('\\{') && !anchor) {
        repeated = this.counted(repeated);
      } else return repeated;
    }
  }

  private counted(part: Pattern): Pattern {
    const count = /^\\\{(\d{1,5})(,(\d{0,5}))?\\\}/.exec(this.text.slice(this.at, this.at + 20));
    if (count === null) throw new BasicRegexError('a count is not of the form \\{m,n\\}');
    this.at += count[0].length;
    const least = Number(count[1]);
    const most = count[2] === undefined ? least : count[3] === '' ? undefined : Number(count[3]);
    if (most !== undefined && most < least) throw new BasicRegexError('a count ends before it begins');
    return { kind: 'repeated', part, least, most };
  }

  /** What follows a `[`. */
  private bracket(): (code: number) => boolean {
    const negated = this.take('^');
    const members: ((code: number) => boolean)[] = [];
    for (let first = true; first || !this.sees(']'); first = false) members.push(this.bracketMember(first));
    this.at += 1;
    return (code) => members.some((accepts) => accepts(code)) !== negated;
  }

  private bracketMember(first: boolean): (code: number) => boolean {
    if (this.take('[:')) return this.characterClass();
    const from = this.bracketCharacter();
    if (from === 0x2d && !first && !this.sees(']'))
      throw new BasicRegexError("a '-' stands where a range is");
    const isRange = this.sees('-') && this.text[this.at + 1] !== ']';
    if (!isRange) return (code) => code === from;
    this.at += 1;
    if (this.sees('[:')) throw new BasicRegexError('a class of characters ends a range');
    const to = this.bracketCharacter();
    if (to < from) throw new BasicRegexError('a range ends before it begins');
    return (code) => code >= from && code <= to;
  }

  /** A character of a bracket expression, or `[.c.]` or `[=c=]`, which are the same thing in the C locale. */
  private bracketCharacter(): number {
    const named = /^\[([.=])([^])\1\]/.exec(this.text.slice(this.at, this.at + 5));
    if (named === null) return this.next().charCodeAt(0);
    this.at += named[0].length;
    return named[2]?.charCodeAt(0) ?? 0;
  }

  private characterClass(): (code: number) => boolean {
    const end = this.text.indexOf(':]', this.at);
    const expression = end < 0 ? undefined : CLASSES[this.text.slice(this.at, end)];
    if (expression === undefined) throw new BasicRegexError('an unknown class of characters');
    this.at = end + 2;
    return (code) => expression.test(String.fromCharCode(code));
  }

  private sees(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  private take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }

  private next(): string {
    const character = this.text[this.at];
    if (character === undefined) throw new BasicRegexError('the pattern ends too early');
    this.at += 1;
    return character;
  }
}

function literal(character: string): Pattern {
  const wanted = character.charCodeAt(0);
  return { kind: 'character', accepts: (code) => code === wanted };
}
