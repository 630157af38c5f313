import { PassThrough } from 'node:stream';
import { streamLogger } from '../src';

function written(log: (logger: ReturnType<typeof streamLogger>) => void): string[] {
  const stream = new PassThrough();
  log(streamLogger(stream));
  const lines = String(stream.read()).split('\n');
  // Each line: level, local date and time with milliseconds, message.
  return lines.map((line) => line.replace(/^([IWE])\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} /, '$1 '));
}

test('an event is one line, whatever it tells about', () => {
  expect(
    written((log) => {
      log.info('table temp created');
      log.warn('table a\nE2026-01-01 00:00:00.000 made up created');
      log.error('\x1b[31mred\r\0\x9b');
      log.debug('not at this level');
    }),
  ).toEqual([
    'I table temp created',
    'W table a | E2026-01-01 00:00:00.000 made up created',
    'E \\x1b[31mred\\x0d\\x00\\x9b',
    '',
  ]);
});

test('a message of a hundred kilobytes is cut, and says so', () => {
  const [line] = written((log) => log.info('x'.repeat(100_000)));
  expect(line).toBe(`I ${'x'.repeat(8192)}… (100000 characters)`);
});
