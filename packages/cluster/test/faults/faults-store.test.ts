import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '@onebox/server';
import { parseNode } from '@onebox/base';
import { forgetFaults, nextId, readFaults, writeFaults } from '../../src/faults/faults-store';
import { StateDirectory } from '../../src/state-directory/state-directory';

let home: string;
let state: StateDirectory;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'obt-'));
  state = new StateDirectory(home, 'box');
  state.create();
});
afterEach(() => rmSync(home, { recursive: true }));

const NONE = { last: 0, faults: [], pauses: [] };
const fault = (id: string, untilUnixMs: number | null): Fault => ({
  ...{ id, untilUnixMs, sinceUnixMs: 0, instance: 'meta1', node: parseNode('127.0.0.1:34601') },
  ...{ kind: 'cut', from: [], http: false },
});

test('what is over is not read, and its number is not given again', () => {
  expect(readFaults(state, 0)).toEqual(NONE);
  writeFaults(state, { last: 2, faults: [fault('f1', null), fault('f2', 1000)], pauses: [] });
  expect(readFaults(state, 999).faults.map(({ id }) => id)).toEqual(['f1', 'f2']);
  expect(readFaults(state, 1000).faults.map(({ id }) => id)).toEqual(['f1']);
  expect(nextId(readFaults(state, 1000))).toEqual({ id: 'f3', last: 3 });
});

test('a cluster that was stopped has no faults, and gives none of their numbers again', () => {
  writeFaults(state, { last: 2, faults: [fault('f1', null)], pauses: [] });
  forgetFaults(state);
  forgetFaults(state);
  expect(readFaults(state, 0)).toEqual({ ...NONE, last: 2 });
  expect(nextId(readFaults(state, 0))).toEqual({ id: 'f3', last: 3 });
});

test.each(['', 'no JSON', 'null', '{"format":2,"last":1,"faults":[]}', '{"format":1}'])(
  'a file that holds %j holds nothing',
  (text) => {
    writeFileSync(join(state.path, 'faults.json'), text);
    expect(readFaults(state, 0)).toEqual(NONE);
  },
);
