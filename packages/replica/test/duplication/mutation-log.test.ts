import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEPT_WHILE_DUPLICATING, MutationLog, MutationLogFile } from '../../src/duplication';
import { batchLength, batchOf } from '../../src/duplication/mutation-batch';
import { judgeFailure } from '../../src/duplication/failure-verdict';
import { DUPLICATED_WRITE, EMPTY_WRITE } from '../../src/storage/storage-engine';
import type { Mutation } from '../../src/storage/storage-engine';
import { readLearnMeta, writeLearnMeta } from '../../src/wire/learn-meta-wire';

const EMPTY = { code: EMPTY_WRITE, data: Buffer.alloc(0) };
const PASSED_ON = { code: DUPLICATED_WRITE, data: Buffer.from('batch') };
const put = (text: string) => ({ code: 'RPC_RRDB_RRDB_PUT', data: Buffer.from(text) });
const mutation = (decree: number, ...updates: Mutation['updates']): Mutation => ({
  decree,
  ballot: 3,
  timestampUs: decree * 1000,
  updates: updates.length === 0 ? [EMPTY] : updates,
});

let directory: string;
let errors: unknown[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'onebox-log-'));
  errors = [];
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
  expect(errors).toEqual([]);
});

/** The log of a replica that has just been opened. */
function open(lastDecree: number): MutationLog {
  const file = new MutationLogFile(directory);
  return new MutationLog(file, file.read(), lastDecree, (error) => errors.push(error));
}

function write(log: MutationLog, from: number, to: number): void {
  for (let decree = from; decree <= to; decree += 1) log.append(mutation(decree));
}

const decrees = (log: MutationLog, from: number): number[] | 'gone' => {
  const found = log.from(from, 100_000);
  return found === 'gone' ? found : found.map(({ decree }) => decree);
};

describe('the committed mutations of a replica', () => {
  test('can be read from any decree it has; what is behind the last is none yet', () => {
    const log = open(0);
    write(log, 1, 5);
    expect(decrees(log, 3)).toEqual([3, 4, 5]);
    expect(log.from(2, 2)).toEqual([mutation(2), mutation(3)]);
    expect(decrees(log, 6)).toEqual([]);
  });

  test('are the last few while the table is not duplicated, and are not on disk', () => {
    const log = open(0);
    write(log, 1, 100);
    expect(log.firstDecree).toBe(69);
    expect(decrees(log, 68)).toBe('gone');
    expect(open(100).firstDecree).toBe(101);
    expect(log.kept).toEqual([]);
  });

  test('stay while the table is duplicated until they are confirmed, also over a restart', () => {
    const log = open(0);
    log.keep(true);
    write(log, 1, 100);
    log.trim(40);
    expect(decrees(log, 41)).toHaveLength(60);
    expect(decrees(log, 40)).toBe('gone');
    const again = open(100);
    expect(decrees(again, 41)).toHaveLength(60);
    expect(again.kept.at(-1)).toEqual(mutation(100));
  });

  test('are on disk with their operations', () => {
    open(0).keep(true);
    const log = open(0);
    log.keep(true);
    log.append(mutation(1, put('a'), put('b')));
    expect(open(1).from(1, 9)).toEqual([mutation(1, put('a'), put('b'))]);
  });

  test('are forgotten when the table is duplicated no more', () => {
    const log = open(0);
    log.keep(true);
    write(log, 1, 100);
    log.keep(false);
    expect(log.firstDecree).toBe(69);
    expect(new MutationLogFile(directory).read()).toEqual([]);
  });

  test('have a bound: then the oldest are lost', () => {
    const log = open(0);
    log.keep(true);
    write(log, 1, KEPT_WHILE_DUPLICATING + 10);
    expect(log.firstDecree).toBe(11);
  });

  test('on disk are rewritten when most of them are confirmed', () => {
    const log = open(0);
    log.keep(true);
    write(log, 1, 100);
    log.trim(99);
    expect(new MutationLogFile(directory).read()).toEqual([mutation(100)]);
  });

  test('end where a killed process tore a line, and at what was not committed', () => {
    const log = open(0);
    log.keep(true);
    write(log, 1, 5);
    const path = join(directory, 'mutations.log');
    appendFileSync(path, readFileSync(path, 'utf8').slice(0, 20));
    expect(decrees(open(5), 1)).toEqual([1, 2, 3, 4, 5]);
    // The record says 3: 4 and 5 will be committed again, perhaps by another primary.
    expect(decrees(open(3), 1)).toEqual([1, 2, 3]);
    // The record says more than the log: the log is not the whole truth, and says so.
    expect(decrees(open(7), 1)).toBe('gone');
  });

  test.each([
    'null',
    '[]',
    '{"decree":1}',
    '{"decree":-1,"ballot":1,"timestampUs":1,"updates":[]}',
    '{"decree":1,"ballot":1,"timestampUs":1,"updates":[{}]}',
  ])('that are no mutations are not read: %s', (line) => {
    writeFileSync(join(directory, 'mutations.log'), `${line}\n`);
    expect(new MutationLogFile(directory).read()).toEqual([]);
  });

  test('of a replica that has learned are those it was given, or none', () => {
    const log = open(0);
    log.keep(true);
    write(log, 1, 5);
    log.replace([mutation(8), mutation(9)], 9);
    expect(decrees(log, 8)).toEqual([8, 9]);
    expect(decrees(log, 7)).toBe('gone');
    log.replace([mutation(8)], 12);
    expect(log.firstDecree).toBe(13);
    log.append(mutation(20));
    expect(decrees(log, 20)).toEqual([20]);
    expect(decrees(open(20), 20)).toEqual([20]);
  });
});

describe('what a learner is given', () => {
  test('has the engine’s part and the mutations', () => {
    const meta = writeLearnMeta(Buffer.from('engine'), [mutation(1), mutation(2, put('x'))]);
    expect(readLearnMeta(meta)).toEqual({
      engine: Buffer.from('engine'),
      mutations: [mutation(1), mutation(2, put('x'))],
    });
  });
  test('is empty when there is neither', () => {
    expect(writeLearnMeta(Buffer.alloc(0), [])).toEqual(Buffer.alloc(0));
    expect(readLearnMeta(Buffer.alloc(0))).toEqual({ engine: Buffer.alloc(0), mutations: [] });
  });
  test.each(['ab', '\0\0\0\x09abc', '\0\0\0\0nonsense\n'])('that is none is refused: %j', (bytes) => {
    expect(readLearnMeta(Buffer.from(bytes, 'latin1'))).toBeUndefined();
  });
});

describe('a batch', () => {
  test('has an entry for each operation, with the time of its mutation and the id of the cluster', () => {
    expect(batchOf([mutation(4, put('a')), mutation(5), mutation(6, put('b'), put('c'))], 1)).toEqual({
      lastDecree: 6,
      mutationCount: 3,
      request: {
        entries: [
          { timestamp: 4000, task_code: 'RPC_RRDB_RRDB_PUT', raw_message: Buffer.from('a'), cluster_id: 1 },
          { timestamp: 6000, task_code: 'RPC_RRDB_RRDB_PUT', raw_message: Buffer.from('b'), cluster_id: 1 },
          { timestamp: 6000, task_code: 'RPC_RRDB_RRDB_PUT', raw_message: Buffer.from('c'), cluster_id: 1 },
        ],
      },
    });
  });
  test('of empty writes is shipped without an entry; what came from another cluster is not shipped', () => {
    expect(batchOf([mutation(1), mutation(2)], 1).request).toEqual({ entries: [] });
    expect(batchOf([mutation(1, PASSED_ON), mutation(2, PASSED_ON)], 1)).toEqual({
      lastDecree: 2,
      mutationCount: 2,
      request: undefined,
    });
    expect(batchOf([mutation(1, PASSED_ON), mutation(2)], 1).request).toEqual({ entries: [] });
  });
  test('ends with the operation that reaches its size', () => {
    const mutations = [mutation(1), mutation(2, put('abc')), mutation(3, put('abc')), mutation(4)];
    expect(batchLength(mutations, 4)).toBe(3);
    expect(batchLength(mutations, 3)).toBe(2);
    expect(batchLength(mutations, 100)).toBe(4);
  });
});

test('what cannot be shipped is tried three times, then the fail mode counts', () => {
  const verdicts = (mode: Parameters<typeof judgeFailure>[0]) =>
    [1, 2, 3, 100].map((tries) => judgeFailure(mode, tries));
  const again = 'try-again';
  expect(verdicts('FAIL_SLOW')).toEqual([again, again, again, again]);
  expect(verdicts('FAIL_SKIP')).toEqual([again, again, 'skip', 'skip']);
  expect(verdicts('FAIL_FAST')).toEqual([again, again, 'end-process', 'end-process']);
});
