import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { LogReader } from '../src/logs/follow';
import { lastLines } from '../src/logs/last-lines';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'obt-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('the last lines of a file, whatever its size', () => {
  const file = join(directory, 'meta.log');
  expect(lastLines(file, 3)).toEqual([]);
  writeFileSync(file, '');
  expect(lastLines(file, 3)).toEqual([]);
  writeFileSync(file, 'one\ntwo\n');
  expect(lastLines(file, 3)).toEqual(['one', 'two']);
  expect(lastLines(file, 1)).toEqual(['two']);
  expect(lastLines(file, 0)).toEqual([]);
  const many = Array.from({ length: 20_000 }, (_, i) => `line ${i} of a long log, with an ä`);
  writeFileSync(file, `${many.join('\n')}\nunfinished`);
  expect(lastLines(file, 5000)).toEqual([...many.slice(-4999), 'unfinished']);
});

test('following shows every line once: appended, of a new file, of a replaced one', async () => {
  const [old, late] = [join(directory, 'old.log'), join(directory, 'late.log')];
  writeFileSync(old, 'a\nb\nc\n');
  const files = [old];
  const shown: string[] = [];
  const reader = new LogReader(
    () => files.map((file) => ({ source: 'meta1', file })),
    (_source, line) => shown.push(line),
  );
  reader.showLast(2);
  const end = new AbortController();
  const following = reader.follow(end.signal);
  const sees = (lines: readonly string[]) =>
    until(`lines ${lines.join()}`, () => shown.join() === lines.join(), { withinMs: 5000 });
  appendFileSync(old, 'd\nhalf');
  await sees(['b', 'c', 'd']);
  appendFileSync(old, ' line\n');
  files.push(late);
  writeFileSync(late, 'x\n');
  await sees(['b', 'c', 'd', 'half line', 'x']);
  writeFileSync(join(directory, 'next'), 'new\n');
  renameSync(join(directory, 'next'), old);
  await sees(['b', 'c', 'd', 'half line', 'x', 'new']);
  end.abort();
  await following;
});
