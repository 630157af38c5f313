import { renderTemplate } from '../../src/config/placeholders';

test('placeholders are filled, lines and comments stay as they are', () => {
  const text =
    '; @META_PORT@ is the port\n[apps.meta]\r\nports = @META_PORT@ ; @META_PORT@\nlist=@HOST@:@META_PORT@,@HOST@:2\n';
  expect(renderTemplate(text, { META_PORT: 34601, HOST: '127.0.0.1' }, 'onebox.ini')).toEqual({
    text: '; @META_PORT@ is the port\n[apps.meta]\r\nports = 34601 ; @META_PORT@\nlist=127.0.0.1:34601,127.0.0.1:2\n',
    problems: [],
  });
});

test('a value that looks like a comment is escaped, and one that looks like a placeholder is not filled again', () => {
  expect(renderTemplate('[a]\nk = @X@', { X: 'a;b#c @Y@', Y: 'y' }, 'onebox.ini')).toEqual({
    text: '[a]\nk = a^;b^#c @Y@',
    problems: [],
  });
});

test('what is not in capitals between @ signs is no placeholder', () => {
  expect(renderTemplate('[a]\nmail = me@here@there', {}, 'onebox.ini')).toEqual({
    text: '[a]\nmail = me@here@there',
    problems: [],
  });
});

test('a placeholder without a value, and a value with a line break, are errors', () => {
  const { text, problems } = renderTemplate('[a]\nk = @NOPE@\nx = @Y@', { Y: 'a\n[b]', A: 1 }, 'onebox.ini');
  expect(text).toBe('[a]\nk = @NOPE@\nx = @Y@');
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    ['ONEBOX_CONFIG_UNKNOWN_PLACEHOLDER', 'onebox.ini:2: @NOPE@ has no value; allowed: @A@, @Y@'],
    [
      'ONEBOX_CONFIG_BAD_VALUE',
      'onebox.ini:3: the value of @Y@ has a line break; allowed: a value on one line',
    ],
  ]);
});
