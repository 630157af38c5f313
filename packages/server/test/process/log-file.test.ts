import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamLogger } from '@onebox/base';
import { LogFile } from '../../src/process/log-file';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'onebox-log-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function texts(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory)
      .sort()
      .map((name) => [name, readFileSync(join(directory, name), 'utf8')]),
  );
}

test('a line is in the file when the call returns, and old lines stay', () => {
  const file = join(directory, 'meta.log');
  for (const message of ['first', 'second']) {
    const stream = new LogFile(file);
    const log = streamLogger(stream);
    log.debug('too fine');
    log.warn(message);
    expect(readFileSync(file, 'utf8').trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(`^W\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} ${message}$`),
    );
    stream.destroy();
  }
  expect(readFileSync(file, 'utf8').match(/\n/g)).toHaveLength(2);
});

test('a full file makes room for a new one, and the fourth oldest is dropped', () => {
  const stream = new LogFile(join(directory, 'meta.log'), 8);
  for (const line of ['one\n', 'two\n', 'three\n', 'four\n', 'five\n', 'six\n']) stream.write(line);
  stream.destroy();
  expect(texts()).toEqual({
    'meta.log': 'six\n',
    'meta.log.1': 'five\n',
    'meta.log.2': 'four\n',
    'meta.log.3': 'three\n',
  });
});
