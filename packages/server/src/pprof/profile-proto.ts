/**
 * The writing side of profile.proto, as far as a heap profile needs it:
 *
 *   Profile   1 sample_type*  2 sample*  4 location*  5 function*  6 string_table*  9 time_nanos  10 duration_nanos
 *             11 period_type  12 period  14 default_sample_type
 *   ValueType 1 type  2 unit         Sample   1 location_id*  2 value*        (texts are indices of string_table)
 *   Location  1 id  4 line*          Line     1 function_id  2 line
 *   Function  1 id  2 name  3 system_name  4 filename
 */

/** A place in a program; functions of the same name and file are one. */
export interface ProfileFrame {
  readonly name: string;
  readonly file: string;
  /** From 1; 0 for unknown. */
  readonly line: number;
}

export interface ProfileSample {
  /** The innermost frame first. */
  readonly stack: readonly ProfileFrame[];
  /** One per value type. */
  readonly values: readonly number[];
}

export interface ProfileContent {
  readonly valueTypes: readonly { readonly type: string; readonly unit: string }[];
  /** The one tools show unless told otherwise. */
  readonly defaultType: string;
  readonly samples: readonly ProfileSample[];
  readonly periodType: { readonly type: string; readonly unit: string };
  readonly period: number;
  /** Real unix milliseconds. */
  readonly atUnixMs: number;
  /** Real milliseconds; 0 for a moment's profile. */
  readonly durationMs: number;
}

/** A profile as protocol buffer, not compressed. */
export function encodeProfile(content: ProfileContent): Buffer {
  const texts = new Numbering<string>((text) => text, 0);
  texts.of('');
  const functions = new Numbering<ProfileFrame>(({ name, file }) => `${name}\n${file}`, 1);
  const locations = new Numbering<ProfileFrame>(({ name, file, line }) => `${name}\n${file}\n${line}`, 1);
  const valueType = ({ type, unit }: { type: string; unit: string }): Message =>
    new Message().number(1, texts.of(type)).number(2, texts.of(unit));
  const profile = new Message();
  for (const type of content.valueTypes) profile.message(1, valueType(type));
  for (const { stack, values } of content.samples) {
    const ids = stack.map((frame) => locations.of(frame));
    profile.message(2, new Message().numbers(1, ids).numbers(2, values));
  }
  locations.all.forEach((frame, i) => {
    const line = new Message().number(1, functions.of(frame)).number(2, frame.line);
    profile.message(4, new Message().number(1, i + 1).message(4, line));
  });
  functions.all.forEach(({ name, file }, i) => {
    const named = texts.of(name);
    profile.message(
      5,
      new Message()
        .number(1, i + 1)
        .number(2, named)
        .number(3, named)
        .number(4, texts.of(file)),
    );
  });
  profile
    .number(9, BigInt(content.atUnixMs) * 1_000_000n)
    .number(10, BigInt(Math.round(content.durationMs)) * 1_000_000n)
    .message(11, valueType(content.periodType))
    .number(12, content.period)
    .number(14, texts.of(content.defaultType));
  for (const text of texts.all) profile.bytes(6, Buffer.from(text));
  return profile.toBuffer();
}

/** Gives each different value a number, in the order of asking. */
class Numbering<T> {
  readonly all: T[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(
    private readonly key: (value: T) => string,
    private readonly first: 0 | 1,
  ) {}

  of(value: T): number {
    const key = this.key(value);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.all.push(value) - 1 + this.first;
    this.numbers.set(key, number);
    return number;
  }
}

/** A protocol buffer message that is being written. */
class Message {
  private readonly parts: Buffer[] = [];

  /** A field of a wire type 0; zero, the default, is left out. */
  number(field: number, value: number | bigint): this {
    if (Number(value) !== 0) this.parts.push(varint(field << 3), varint(value));
    return this;
  }

  /** A packed repeated field. */
  numbers(field: number, values: readonly number[]): this {
    return this.bytes(field, Buffer.concat(values.map(varint)));
  }

  message(field: number, message: Message): this {
    return this.bytes(field, message.toBuffer());
  }

  bytes(field: number, bytes: Buffer): this {
    this.parts.push(varint((field << 3) | 2), varint(bytes.length), bytes);
    return this;
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** Seven bits a byte, the low ones first; values here are never negative. */
function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    if (rest < 0x80n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}
