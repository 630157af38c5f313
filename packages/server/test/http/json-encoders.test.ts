import { PrettyJsonWriter, shortestDouble } from '../../src/http/pretty-json';
import { dumpSorted } from '../../src/http/sorted-json';

describe('the sorted dump', () => {
  test('sorts keys as text and keeps native types', () => {
    expect(dumpSorted({ '2': 1, '11': 'x', '10': true, '1': null, '0': [1, -2n, [], 'é'] })).toBe(
      '{"0":[1,-2,[],"é"],"1":null,"10":true,"11":"x","2":1}',
    );
  });

  test('sorts by UTF-8 bytes, not by UTF-16 units', () => {
    expect(dumpSorted({ '\u{10000}': 1, '\uffff': 2, z: 3 })).toBe('{"z":3,"\uffff":2,"\u{10000}":1}');
  });

  test('an object that never got a member is null, an empty array is not', () => {
    expect(dumpSorted({})).toBe('null');
    expect(dumpSorted({ a: {} })).toBe('{"a":null}');
    expect(dumpSorted([])).toBe('[]');
  });

  test('control characters have lower-case hex', () => {
    expect(dumpSorted('\u001f\n"\x7f/')).toBe('"\\u001f\\n\\"\x7f/"');
  });

  test('a fraction is a mistake', () => {
    expect(() => dumpSorted(0.5)).toThrow(RangeError);
  });

  test('indented by two', () => {
    expect(dumpSorted({ b: { y: 1, x: [1, 'a'] }, a: '', c: {}, d: [] }, 2)).toBe(
      '{\n  "a": "",\n  "b": {\n    "x": [\n      1,\n      "a"\n    ],\n    "y": 1\n  },\n  "c": null,\n  "d": []\n}',
    );
    expect(dumpSorted({ total: 0, copy_pri: 0, move_pri: 0, copy_sec: 0 }, 2)).toBe(
      '{\n  "copy_pri": 0,\n  "copy_sec": 0,\n  "move_pri": 0,\n  "total": 0\n}',
    );
  });
});

describe('the pretty writer', () => {
  test('writes the error body of /metrics', () => {
    const writer = new PrettyJsonWriter().openObject();
    writer.key('error_message').string("please use 'GET' method while querying for metrics").closeObject();
    expect(writer.take()).toBe(
      '{\n    "error_message": "please use \'GET\' method while querying for metrics"\n}',
    );
  });

  test('nests with four blanks a level, in the order written, and in slices', () => {
    const writer = new PrettyJsonWriter().openObject();
    writer.key('port').integer(34801).key('at').integer(1714528800123456789n).key('entities').openArray();
    const first = writer.take();
    writer.openObject().key('attributes').openObject().closeObject().key('metrics').openArray();
    writer
      .openObject()
      .key('value')
      .double(0.5)
      .key('on')
      .boolean(true)
      .closeObject()
      .closeArray()
      .closeObject();
    writer.openArray().closeArray().closeArray().closeObject();
    expect(first + writer.take()).toBe(`{
    "port": 34801,
    "at": 1714528800123456789,
    "entities": [
        {
            "attributes": {},
            "metrics": [
                {
                    "value": 0.5,
                    "on": true
                }
            ]
        },
        []
    ]
}`);
    expect(writer.take()).toBe('');
  });

  test.each([
    [0, '0.0'],
    [-0, '-0.0'],
    [12.5, '12.5'],
    [3, '3.0'],
    [-3, '-3.0'],
    [1 / 3, '0.3333333333333333'],
    [1e20, '100000000000000000000.0'],
    [1e21, '1e21'],
    [1.5e300, '1.5e300'],
    [0.000001, '0.000001'],
    [1e-7, '1e-7'],
    [5e-324, '5e-324'],
  ])('%d is %s', (value, text) => {
    expect(shortestDouble(value)).toBe(text);
  });

  test('what is no number cannot be written', () => {
    expect(() => shortestDouble(NaN)).toThrow(RangeError);
    expect(() => shortestDouble(Infinity)).toThrow(RangeError);
  });
});
