import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger } from '@onebox/base';
import { FileEventLog } from '@onebox/server';
import { eventFiles, GrowingFiles } from '../../src/event-log/event-files';
import { parseEvent } from '../../src/event-log/parse-event';

let home: string;
let path: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'obt-'));
  path = join(home, 'events.jsonl');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const line = (id: string, filling = 'é'.repeat(60)) => `{"id":"${id}","text":"${filling}"}\n`;
const linesOf = (text: string) => text.split('\n').slice(0, -1);

describe('files that grow', () => {
  test('are read on, wherever they are renamed to', () => {
    const files = new GrowingFiles();
    const [first, second] = [line('a/1', ''), line('a/2')];
    writeFileSync(path, first.slice(0, 4));
    expect(files.newLines([path])).toEqual([]);
    appendFileSync(path, first.slice(4));
    expect(files.newLines([path])).toEqual(linesOf(first));
    renameSync(path, join(home, 'old'));
    appendFileSync(join(home, 'old'), second);
    expect(files.newLines([path, join(home, 'old')])).toEqual(linesOf(second));
  });

  test('are others when they begin otherwise, though they have the inode of one that was read, and are as long', () => {
    const files = new GrowingFiles();
    const [old, next, later] = [line('a/1'), line('b/1') + line('b/2'), line('b/3')];
    writeFileSync(path, old);
    expect(files.newLines([path])).toEqual(linesOf(old));
    const { ino } = statSync(path);
    // In place: the file system gives the inode away in the same moment.
    writeFileSync(path, next);
    expect(statSync(path).ino).toBe(ino);
    expect(files.newLines([path])).toEqual(linesOf(next));
    appendFileSync(path, later);
    expect(files.newLines([path])).toEqual(linesOf(later));
  });

  test('are others when they were deleted and made again, whatever inode the file system gives them', () => {
    const files = new GrowingFiles();
    for (let round = 1; round <= 20; round += 1) {
      const text = Array.from({ length: round }, (_, index) => line(`${round}/${index}`)).join('');
      writeFileSync(path, text);
      expect(files.newLines([path])).toEqual(linesOf(text));
      unlinkSync(path);
    }
  });
});

test('whoever follows sees each event of a log that is rotated again and again', () => {
  const directory = join(home, 'meta1', 'log');
  mkdirSync(directory, { recursive: true });
  const log = new FileEventLog({ directory, server: 'meta1', log: new MemoryLogger(), largestBytes: 1000 });
  const files = new GrowingFiles();
  const [told, seen]: [string[], string[]] = [[], []];
  for (let count = 0; count < 500; count += 1) {
    told.push(log.tell('learning-ended', { partition: '1.0', outcome: 'x'.repeat(count % 50) }));
    log.flush();
    // As a reader that looks now and then: never so rarely that three files are full meanwhile.
    if (count % 5 !== 0) continue;
    for (const each of files.newLines(eventFiles({ path: home }))) seen.push(parseEvent(each)?.id ?? each);
  }
  log.close();
  for (const each of files.newLines(eventFiles({ path: home }))) seen.push(parseEvent(each)?.id ?? each);
  expect(seen.sort()).toEqual(told.sort());
});
