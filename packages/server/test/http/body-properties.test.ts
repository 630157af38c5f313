import fc from 'fast-check';
import { decodeBodyFields } from '../../src/http/body-fields';
import { textFromBytes } from '../../src/http/byte-text';
import { parseJsonBody } from '../../src/http/json-body';

const KINDS = { app_name: 'string', type: 'string', target_level: 'int32', count: 'int32' } as const;
type Kinds = typeof KINDS;
const NAMES = Object.keys(KINDS) as (keyof Kinds)[];

/** reference/http-api.md 2.4 over the members of an object, each with the JSON text of its value. */
function model(members: readonly (readonly [name: string, json: string])[]): unknown {
  const fields: Record<string, unknown> = {};
  let known = 0;
  for (const name of NAMES) {
    const json = members.find(([key]) => key === name)?.[1];
    if (json === undefined) {
      fields[name] = KINDS[name] === 'string' ? '' : undefined;
      continue;
    }
    if (KINDS[name] === 'string') {
      if (!json.startsWith('"')) return undefined;
      fields[name] = JSON.parse(json);
    } else {
      const value = Number(json);
      if (!/^-?\d+$/.test(json) || value < -2147483648 || value > 2147483647) return undefined;
      fields[name] = value === 0 ? 0 : value;
    }
    known += 1;
  }
  const everyKnownFieldIsThere = known === NAMES.length;
  const everyMemberIsKnown = known === members.length;
  return everyKnownFieldIsThere || everyMemberIsKnown ? fields : undefined;
}

const VALUE = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)) },
  { weight: 4, arbitrary: fc.integer().map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('2147483648', '-2147483649', '1.0', '1e2', '-0', '99999999999999999999'),
  },
  { weight: 1, arbitrary: fc.constantFrom('null', 'true', '[]', '{}', '[1,{"a":2}]') },
);
const MEMBER = fc.tuple(
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<string>(...NAMES) },
    { weight: 1, arbitrary: fc.constantFrom('x', '__proto__', 'app', '') },
  ),
  VALUE,
);
const SPACE = fc.constantFrom('', '', ' ', '\n', '\r\n\t ');

test('a structure is what the rules make of its members', () => {
  fc.assert(
    fc.property(fc.array(MEMBER, { maxLength: 6 }), SPACE, (members, space) => {
      const text = members.map(
        ([name, json]) => `${space}${JSON.stringify(name)}${space}:${space}${json}${space}`,
      );
      const body = Buffer.from(`${space}{${text.join(',')}}${space}`);
      expect(decodeBodyFields(body, KINDS)).toEqual(model(members));
    }),
    { numRuns: 3000 },
  );
});

test('all fields of the right kinds come through as they are', () => {
  const fields = fc.record({
    app_name: fc.string({ unit: 'grapheme' }),
    type: fc.string({ unit: 'grapheme' }),
    target_level: fc.integer(),
    count: fc.integer(),
  });
  fc.assert(
    fc.property(fields, (given) => {
      expect(decodeBodyFields(Buffer.from(JSON.stringify(given)), KINDS)).toEqual(given);
    }),
  );
});

test('what JSON.parse takes is taken, and nothing else', () => {
  // Any JSON value, cut somewhere or with a character changed now and then.
  const broken = fc
    .tuple(
      fc.json({ maxDepth: 4 }),
      fc.nat(),
      fc.constantFrom('', '', ',', '"', '{', ']', '\\', '\u0001', '0', ' '),
    )
    .map(([text, at, insert]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + insert + text.slice(place);
    });
  fc.assert(
    fc.property(broken, (text) => {
      let valid = true;
      try {
        JSON.parse(text, (_key, value: unknown) => {
          // rapidjson refuses numbers beyond the range of a double.
          if (value === Infinity || value === -Infinity) throw new RangeError(text);
          return value;
        });
      } catch {
        valid = false;
      }
      // A lone surrogate written as an escape is JSON to JavaScript only.
      fc.pre(!/\\u[dD][89a-fA-F]/.test(text));
      expect([text, parseJsonBody(Buffer.from(text)) !== undefined]).toEqual([text, valid]);
    }),
    { numRuns: 3000 },
  );
});

test('no bytes make a decoder throw, and text keeps every byte', () => {
  const bytes = fc.uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array));
  const likely = fc
    .array(
      fc.constantFrom(
        '{',
        '}',
        '"',
        ':',
        ',',
        '[',
        ']',
        'app_name',
        '\\u00',
        '\\',
        '1',
        '-',
        'e',
        '\xff',
        ' ',
      ),
    )
    .map((parts) => Buffer.from(parts.join(''), 'latin1'));
  fc.assert(
    fc.property(fc.oneof(bytes, likely), (body) => {
      expect(() => decodeBodyFields(body, KINDS)).not.toThrow();
      expect(() => textFromBytes(body.toString('latin1'))).not.toThrow();
    }),
    { numRuns: 5000 },
  );
});
