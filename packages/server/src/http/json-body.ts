import { textFromBytes } from './byte-text';

/**
 * JSON as rapidjson's DOM parser with default flags reads it (reference/http-api.md 2.4). `JSON.parse` will not do: it
 * takes `1.0` and `1e2` for integers, loses duplicate members and bytes that are not UTF-8, and refuses a BOM.
 */
export type JsonNode =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: JsonNode])[] }
  | { readonly kind: 'array'; readonly elements: readonly JsonNode[] }
  /** A fraction or exponent, true, false, null: nothing that a request field may be. */
  | { readonly kind: 'other' };

/** Upstream recurses until its stack ends; we refuse before ours does. */
const DEEPEST = 500;
const BOM = '\xef\xbb\xbf';
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;

const PLAIN = /[^"\\\x00-\x1f]*/y;
const SPACE = /[ \t\r\n]*/y;
const SHORT_FORMS: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** One JSON value with nothing but white space around it; undefined when the body is anything else. */
export function parseJsonBody(body: Buffer): JsonNode | undefined {
  const source = body.toString('latin1');
  const reader = new Reader(source.startsWith(BOM) ? source.slice(BOM.length) : source);
  try {
    return reader.document();
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

class NotJson extends Error {}

/** Recursive descent over bytes as latin1. */
class Reader {
  private at = 0;

  constructor(private readonly source: string) {}

  document(): JsonNode {
    const value = this.value(0);
    this.space();
    if (this.at < this.source.length) throw new NotJson();
    return value;
  }

  private value(depth: number): JsonNode {
    if (depth > DEEPEST) throw new NotJson();
    this.space();
    switch (this.source[this.at]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        return { kind: 'string', text: this.string() };
      case 't':
        return this.word('true');
      case 'f':
        return this.word('false');
      case 'n':
        return this.word('null');
      default:
        return this.number();
    }
  }

  private object(depth: number): JsonNode {
    const members: [string, JsonNode][] = [];
    this.at += 1;
    if (this.skipIf('}')) return { kind: 'object', members };
    do {
      this.space();
      const name = this.string();
      if (!this.skipIf(':')) throw new NotJson();
      members.push([name, this.value(depth + 1)]);
    } while (this.skipIf(','));
    if (!this.skipIf('}')) throw new NotJson();
    return { kind: 'object', members };
  }

  private array(depth: number): JsonNode {
    const elements: JsonNode[] = [];
    this.at += 1;
    if (this.skipIf(']')) return { kind: 'array', elements };
    do elements.push(this.value(depth + 1));
    while (this.skipIf(','));
    if (!this.skipIf(']')) throw new NotJson();
    return { kind: 'array', elements };
  }

  private word(word: string): JsonNode {
    if (!this.source.startsWith(word, this.at)) throw new NotJson();
    this.at += word.length;
    return { kind: 'other' };
  }

  private number(): JsonNode {
    const match = this.match(NUMBER);
    if (match[0] === '') throw new NotJson();
    if (match[1] === undefined && match[2] === undefined && match[0].length <= 20) {
      return { kind: 'integer', value: BigInt(match[0]) };
    }
    // rapidjson refuses a document with a number beyond double's range.
    if (!Number.isFinite(Number(match[0]))) throw new NotJson();
    return { kind: 'other' };
  }

  private string(): string {
    if (this.source[this.at] !== '"') throw new NotJson();
    this.at += 1;
    // Escapes become the bytes of their UTF-8 form, so that text and raw bytes are decoded together at the end.
    let bytes = '';
    for (;;) {
      bytes += this.match(PLAIN)[0];
      const end = this.source[this.at];
      this.at += 1;
      if (end === '"') return textFromBytes(bytes);
      if (end !== '\\') throw new NotJson();
      bytes += this.escape();
    }
  }

  private escape(): string {
    const letter = this.source[this.at] ?? '';
    this.at += 1;
    const short = SHORT_FORMS[letter];
    if (short !== undefined) return short;
    if (letter !== 'u') throw new NotJson();
    let unit = this.fourHexDigits();
    if (unit >= 0xd800 && unit <= 0xdfff) {
      if (unit >= 0xdc00 || this.source[this.at] !== '\\' || this.source[this.at + 1] !== 'u')
        throw new NotJson();
      this.at += 2;
      const low = this.fourHexDigits();
      if (low < 0xdc00 || low > 0xdfff) throw new NotJson();
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
    return Buffer.from(String.fromCodePoint(unit), 'utf8').toString('latin1');
  }

  private fourHexDigits(): number {
    const digits = this.source.slice(this.at, this.at + 4);
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) throw new NotJson();
    this.at += 4;
    return Number.parseInt(digits, 16);
  }

  private skipIf(character: string): boolean {
    this.space();
    if (this.source[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private space(): void {
    this.match(SPACE);
  }

  private match(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match === null) throw new NotJson();
    this.at += match[0].length;
    return match;
  }
}
