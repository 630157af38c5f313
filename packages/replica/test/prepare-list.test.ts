import { OneboxError } from '@onebox/base';
import { PrepareList } from '../src/partition/prepare-list';
import { openEmptyEngine } from '../src/storage/empty-engine';
import { EMPTY_WRITE } from '../src/storage/storage-engine';
import type { Mutation } from '../src/storage/storage-engine';

function write(decree: number, ballot = 3, code = EMPTY_WRITE): Mutation {
  return { decree, ballot, timestampUs: 1, updates: [{ code, data: Buffer.alloc(0) }] };
}

function listAt(lastCommittedDecree: number): PrepareList {
  return new PrepareList(openEmptyEngine({ directory: '/nowhere', lastCommittedDecree }));
}

describe('mutations of a replica', () => {
  test('are committed in decree order', () => {
    const list = listAt(4);
    expect([5, 6, 7].map((decree) => list.prepare(write(decree)))).toEqual([true, true, true]);
    list.commitTo(6);
    expect([list.lastCommittedDecree, list.lastPreparedDecree]).toEqual([6, 7]);
    expect(list.uncommitted()).toEqual([write(7)]);
  });

  test('are not taken with a gap before them', () => {
    const list = listAt(4);
    expect(list.prepare(write(6))).toBe(false);
    expect(list.lastPreparedDecree).toBe(4);
  });

  test('that are committed already are acknowledged again', () => {
    expect(listAt(4).prepare(write(4))).toBe(true);
  });

  test('of a new primary replace what an old one had prepared, and void what came after', () => {
    const list = listAt(4);
    for (const decree of [5, 6, 7]) list.prepare(write(decree, 3));
    list.prepare(write(6, 4));
    expect(list.uncommitted()).toEqual([write(5, 3), write(6, 4)]);
    expect(list.lastPreparedDecree).toBe(6);
  });

  test('a commit mark ahead of what is prepared commits what there is', () => {
    const list = listAt(4);
    list.prepare(write(5));
    list.commitTo(9);
    expect(list.lastCommittedDecree).toBe(5);
  });

  test('with operations are refused by the empty engine, not swallowed', () => {
    const list = listAt(0);
    list.prepare(write(1, 3, 'RPC_RRDB_RRDB_PUT'));
    expect(() => list.commitTo(1)).toThrow(
      new OneboxError('ONEBOX_NO_STORAGE_ENGINE', 'RPC_RRDB_RRDB_PUT needs a storage engine'),
    );
    expect(list.lastCommittedDecree).toBe(0);
  });
});
