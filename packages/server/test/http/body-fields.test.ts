import { decodeBodyFields } from '../../src/http/body-fields';
import { bytesFromText } from '../../src/http/byte-text';
import { parseJsonBody } from '../../src/http/json-body';

const KINDS = { app_name: 'string', scenario: 'string', target_level: 'int32' } as const;

function decode(body: string | Buffer): unknown {
  return decodeBodyFields(typeof body === 'string' ? Buffer.from(body, 'utf8') : body, KINDS);
}

const FULL = { app_name: 'temp', scenario: 'normal', target_level: -1 };
const TEXT = '"app_name":"temp","scenario":"normal","target_level":-1';

describe('a request structure', () => {
  test.each([
    ['every field', `{${TEXT}}`, FULL],
    ['white space around it', ` \t\r\n{ ${TEXT} } \n`, FULL],
    ['a byte order mark', `\ufeff{${TEXT}}`, FULL],
    ['all fields and unknown ones', `{${TEXT},"x":[1.5,{"y":null}],"z":true}`, FULL],
    [
      'missing fields, none unknown',
      '{"scenario":"s"}',
      { app_name: '', scenario: 's', target_level: undefined },
    ],
    ['nothing at all', '{}', { app_name: '', scenario: '', target_level: undefined }],
    [
      'the first of two duplicates, all fields there',
      `{"app_name":"first",${TEXT}}`,
      { ...FULL, app_name: 'first' },
    ],
    ['minus zero', '{"target_level":-0}', { app_name: '', scenario: '', target_level: 0 }],
    [
      'the largest int32',
      '{"target_level":2147483647}',
      { app_name: '', scenario: '', target_level: 2147483647 },
    ],
    [
      'the smallest int32',
      '{"target_level":-2147483648}',
      { app_name: '', scenario: '', target_level: -2147483648 },
    ],
    [
      'escapes',
      '{"app_name":"\\u00e9\\ud83d\\ude00\\/\\b\\"\\u0000"}',
      { app_name: 'é😀/\b"\0', scenario: '', target_level: undefined },
    ],
    ['raw UTF-8', '{"app_name":"你"}', { app_name: '你', scenario: '', target_level: undefined }],
    ['an escaped name', '{"app\\u005fname":"x"}', { app_name: 'x', scenario: '', target_level: undefined }],
  ])('may have %s', (_what, body, fields) => {
    expect(decode(body)).toEqual(fields);
  });

  test.each([
    ['an empty body', ''],
    ['only white space', '  '],
    ['an array', '[]'],
    ['a string', '"x"'],
    ['a number', '1'],
    ['null', 'null'],
    ['something behind it', `{${TEXT}} x`],
    ['two values', '{}{}'],
    ['a trailing comma', '{"app_name":"x",}'],
    ['a comment', '{/* */}'],
    ['single quotes', "{'app_name':'x'}"],
    ['a bare name', '{app_name:"x"}'],
    ['one field missing and one unknown', '{"app_name":"x","other":"y"}'],
    ['a missing field and a duplicate', '{"app_name":"x","app_name":"y"}'],
    ['a number for a string', '{"app_name":1}'],
    ['null for a string', '{"app_name":null}'],
    ['a string for an integer', '{"target_level":"0"}'],
    ['null for an integer', '{"target_level":null}'],
    ['a fraction', '{"target_level":1.0}'],
    ['an exponent', '{"target_level":1e2}'],
    ['an integer above int32', '{"target_level":2147483648}'],
    ['an integer below int32', '{"target_level":-2147483649}'],
    ['a huge integer', `{"target_level":${'9'.repeat(400)}}`],
    ['a leading zero', '{"target_level":01}'],
    ['a plus sign', '{"target_level":+1}'],
    ['a lone minus', '{"target_level":-}'],
    ['an unknown number beyond double', `{${TEXT},"x":1e999}`],
    ['a raw line feed in a string', '{"app_name":"a\nb"}'],
    ['half a surrogate pair', '{"app_name":"\\ud83d"}'],
    ['an unknown escape', '{"app_name":"\\x"}'],
    ['an unfinished escape', '{"app_name":"\\u12"}'],
    ['an unfinished string', '{"app_name":"x'],
    ['an unfinished object', '{"app_name":"x"'],
    ['a missing colon', '{"app_name" "x"}'],
    ['a misspelt word', '{"x":nul}'],
    ['depth without end', '['.repeat(100000)],
  ])('may not have %s', (_what, body) => {
    expect(decode(body)).toBeUndefined();
  });

  test('keeps bytes that are not UTF-8', () => {
    const fields = decodeBodyFields(Buffer.from('{"app_name":"a\xff"}', 'latin1'), KINDS);
    expect(bytesFromText(fields?.app_name ?? '')).toEqual(Buffer.of(0x61, 0xff));
  });
});

test('JSON.parse and our parser agree on what is JSON', () => {
  const samples = [
    '[1,2.5,-0,1e5,"a",true,false,null,{"a":[]}]',
    '{"a":{"b":{}}}',
    '[[],[[]]]',
    '[1 ,2]',
    '[,]',
    '[1,,2]',
    '[1 2]',
    '{"a":}',
    '-',
    '"\\u00e9"',
  ];
  for (const sample of samples) {
    let valid = true;
    try {
      JSON.parse(sample);
    } catch {
      valid = false;
    }
    expect(parseJsonBody(Buffer.from(sample)) !== undefined).toBe(valid);
  }
});
