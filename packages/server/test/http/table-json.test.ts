import { Double, double2, integerText } from '../../src/http/double';
import { jsonText } from '../../src/http/json-text';
import { bytesFromText, textFromBytes } from '../../src/http/byte-text';
import { MultiColumnTable, SingleColumnTable, TableDocument } from '../../src/http/table-json';

describe('a double of the table printer', () => {
  test.each([
    [0, '0.00'],
    [-0, '0.00'],
    [9.9e-7, '0.00'],
    [-9.9e-7, '0.00'],
    [1e-6, '0.00'],
    [-1e-6, '-0.00'],
    [-0.001, '-0.00'],
    [0.001, '0.00'],
    [0.015, '0.01'],
    [0.025, '0.03'],
    [2.675, '2.67'],
    [1.005, '1.00'],
    [0.125, '0.12'],
    [0.375, '0.38'],
    [0.625, '0.62'],
    [0.875, '0.88'],
    [-0.125, '-0.12'],
    [-0.375, '-0.38'],
    [1.125, '1.12'],
    [1.875, '1.88'],
    [0.995, '0.99'],
    [0.996, '1.00'],
    [3, '3.00'],
    [10, '10.00'],
    [0.82, '0.82'],
    [99.999, '100.00'],
    [1e10, '10000000000.00'],
    [12345678.875, '12345678.88'],
    [1099511627776.125, '1099511627776.12'],
    [562949953421312.125, '562949953421312.12'],
    [-1125899906842623.875, '-1125899906842623.88'],
    [4503599627370495.5, '4503599627370495.50'],
    [9007199254740993, '9007199254740992.00'],
    [1e21, '1000000000000000000000.00'],
    [1e23, '99999999999999991611392.00'],
    [-1e22, '-10000000000000000000000.00'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
  ])('%d prints as %s', (value, text) => {
    expect(double2(value)).toBe(text);
  });

  test('agrees with exact decimal arithmetic on every tie and its neighbours', () => {
    for (let eighths = -4001; eighths <= 4001; eighths += 2) {
      const value = eighths / 8;
      const thousandths = eighths * 125;
      const sign = thousandths < 0 ? '-' : '';
      const below = Math.floor(Math.abs(thousandths) / 10);
      const cents =
        Math.abs(thousandths) % 10 === 5 ? below + (below % 2) : Math.round(Math.abs(thousandths) / 10);
      expect(double2(value)).toBe(
        `${sign}${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`,
      );
      const above = value + Math.sign(value) * 2 ** -40;
      const aboveCents = Math.floor(Math.abs(thousandths) / 10) + 1;
      if (Math.abs(thousandths) % 10 === 5) {
        expect(double2(above)).toBe(
          `${sign}${Math.floor(aboveCents / 100)}.${String(aboveCents % 100).padStart(2, '0')}`,
        );
      }
    }
  });
});

test('integers print in plain decimals, and a fraction is a mistake', () => {
  expect(integerText(-1)).toBe('-1');
  expect(integerText(-0)).toBe('0');
  expect(integerText(1e21)).toBe('1000000000000000000000');
  expect(integerText(18446744073709551615n)).toBe('18446744073709551615');
  expect(() => integerText(0.5)).toThrow(RangeError);
});

describe('escaping', () => {
  test('short forms, upper-case hex, and nothing else', () => {
    const controls = Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)).join('');
    expect(jsonText(controls)).toBe(
      '"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000B\\f\\r\\u000E\\u000F' +
        '\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001A\\u001B\\u001C\\u001D\\u001E\\u001F"',
    );
    expect(jsonText('"\\/\x7f\u2028é你')).toBe('"\\"\\\\/\x7f\u2028é你"');
  });

  test('bytes that are not UTF-8 are copied', () => {
    expect(bytesFromText(jsonText(textFromBytes('a\xff"\xed\xa0\x80'))).toString('latin1')).toBe(
      '"a\xff\\"\xed\xa0\x80"',
    );
  });
});

describe('tables', () => {
  test('a single column keeps order and repeats names', () => {
    const table = new SingleColumnTable()
      .add('z', 'text')
      .add('a', 42)
      .add('z', true)
      .add('d', new Double(2.675))
      .add('n', false)
      .add('big', 18446744073709551615n);
    expect(table.toJson()).toBe(
      '{"z":"text","a":"42","z":"true","d":"2.67","n":"false","big":"18446744073709551615"}\n',
    );
  });

  test('a multi-column table prints its title twice', () => {
    const table = new MultiColumnTable('pidx', ['ballot', 'primary'])
      .row(0, 3, '127.0.0.1:34801')
      .row('to"tal', 4, '-');
    expect(table.toJson()).toBe(
      '{"0":{"pidx":"0","ballot":"3","primary":"127.0.0.1:34801"},' +
        '"to\\"tal":{"pidx":"to\\"tal","ballot":"4","primary":"-"}}\n',
    );
  });

  test('a row with a value too many or too few is a mistake', () => {
    const table = new MultiColumnTable('a', ['b']);
    expect(() => table.row(1)).toThrow(RangeError);
    expect(() => table.row(1, 2, 3)).toThrow(RangeError);
  });

  test('empty tables', () => {
    expect(new SingleColumnTable().toJson()).toBe('{}\n');
    expect(new MultiColumnTable('a', ['b']).toJson()).toBe('{}\n');
    const document = new TableDocument()
      .add('gone', new SingleColumnTable())
      .add('general_info', new MultiColumnTable('app_id', ['status']))
      .add('summary', new SingleColumnTable().add('total_app_count', 0));
    expect(document.toJson()).toBe('{"general_info":{},"summary":{"total_app_count":"0"}}\n');
    expect(new TableDocument().toJson()).toBe('{}\n');
  });
});
