import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OneboxError } from '@onebox/base';
import { StateDirectory, clusterNames, oneboxHome } from '../src/state-directory/state-directory';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'obt-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof OneboxError ? error.code : String(error);
  }
}

test('a cluster’s directory is private and carries our marker', () => {
  const state = new StateDirectory(join(home, 'deep', 'home'), 'onebox');
  expect([state.exists(), state.isOurs()]).toEqual([false, false]);
  state.create();
  state.create();
  expect(statSync(state.path).mode & 0o777).toBe(0o700);
  expect(state.isOurs()).toBe(true);
  expect(clusterNames(join(home, 'deep', 'home'))).toEqual(['onebox']);
});

test('a directory that is not ours is neither used nor deleted, an empty one is taken', () => {
  mkdirSync(join(home, 'mine'));
  writeFileSync(join(home, 'mine', 'thesis.txt'), 'years of work');
  const state = new StateDirectory(home, 'mine');
  expect(codeOf(() => state.create())).toBe('ONEBOX_FOREIGN_DIRECTORY');
  expect(codeOf(() => state.delete())).toBe('ONEBOX_FOREIGN_DIRECTORY');
  expect(existsSync(join(home, 'mine', 'thesis.txt'))).toBe(true);
  expect(clusterNames(home)).toEqual([]);

  mkdirSync(join(home, 'empty'));
  new StateDirectory(home, 'empty').create();
  expect(clusterNames(home)).toEqual(['empty']);
});

test('our directory is deleted with everything in it, twice without complaint', () => {
  const state = new StateDirectory(home, 'onebox');
  state.create();
  state.createInstance('meta1');
  writeFileSync(state.configFile('meta1'), '[onebox]\n');
  chmodSync(state.configFile('meta1'), 0o400);
  state.delete();
  state.delete();
  expect(state.exists()).toBe(false);
});

test.each(['', '.', '..', '../x', 'a/b', '-x', 'a b', 'a'.repeat(33), 'ä'])('%p is no name', (name) => {
  expect(codeOf(() => new StateDirectory(home, name))).toBe('ONEBOX_BAD_NAME');
});

test.each(['a', 'onebox', 'My-box_2.0', 'a'.repeat(32)])('%p is a name', (name) => {
  expect(codeOf(() => new StateDirectory(home, name))).toBeUndefined();
});

test('a path that is too long for a unix socket is refused before pm2 would wait for ever', () => {
  const longestHome = `/${'h'.repeat(107 - '/'.length - '/onebox/replica999/control.sock'.length)}`;
  expect(codeOf(() => new StateDirectory(longestHome, 'onebox'))).toBeUndefined();
  expect(codeOf(() => new StateDirectory(`${longestHome}h`, 'onebox'))).toBe('ONEBOX_PATH_TOO_LONG');
});

test('the home is ONEBOX_HOME, else a directory in the user’s home', () => {
  expect(oneboxHome({ ONEBOX_HOME: '/x/../y' })).toBe('/y');
  expect(oneboxHome({ ONEBOX_HOME: '' })).toMatch(/\/\.pegasus-onebox$/);
});

test('a directory of a start that was killed before it could mark it is taken, and can be deleted', () => {
  const [taken, deleted] = ['taken', 'deleted'].map((name) => new StateDirectory(home, name));
  for (const state of [taken, deleted]) {
    mkdirSync(state?.path ?? '');
    writeFileSync(join(state?.path ?? '', '.pegasus-onebox.123.new'), '');
  }
  taken?.create();
  deleted?.delete();
  expect([taken?.isOurs(), deleted?.exists()]).toEqual([true, false]);
});

test('files that a command was killed over are removed, and nothing else', () => {
  const state = new StateDirectory(home, 'box');
  state.create();
  state.createInstance('meta1');
  for (const file of [state.configFile('meta1'), state.recordFile]) {
    writeFileSync(file, 'whole');
    writeFileSync(`${file}.123.new`, 'ha');
  }
  state.removeUnfinished();
  expect(readdirSync(state.instance('meta1'))).toEqual(['config.ini']);
  expect(readdirSync(state.path).sort()).toEqual(['.pegasus-onebox', 'meta1', 'record.json']);
});
