import { FakeClock, MemoryLogger, OneboxError } from '@onebox/base';
import { duplicateResponse, make } from '@onebox/protocol';
import type { DuplicateRequest, DuplicateResponse } from '@onebox/protocol';
import { Pipeline } from '../../src/duplication/pipeline';
import type { DupFailMode } from '../../src/duplication/dup-entry';
import { EMPTY_WRITE } from '../../src/storage/storage-engine';
import type { Mutation } from '../../src/storage/storage-engine';

const OK = make(duplicateResponse, { error: 0 });

/** A pipeline over a log and a remote that a test sets as it likes. */
class Source {
  readonly clock = new FakeClock();
  readonly log = new MemoryLogger();
  first = 1;
  committed = 0;
  last = 0;
  primary = true;
  mode: DupFailMode = 'FAIL_SLOW';
  answer: () => DuplicateResponse | Promise<DuplicateResponse> = () => OK;
  readonly shipped: DuplicateRequest[] = [];
  readonly lost: number[] = [];
  failed = 0;
  loadsFailed = 0;
  ended: string | undefined;
  readonly pipeline: Pipeline;

  constructor() {
    this.pipeline = new Pipeline({
      label: '1.0: duplication 7',
      clock: this.clock,
      log: this.log,
      remote: {
        duplicate: async (request) => {
          this.shipped.push(request);
          return this.answer();
        },
      },
      clusterId: 1,
      settings: { duplicateLogBatchBytes: 4096, dupNoMutationLoadDelayMs: 100 },
      mayShip: () => this.primary,
      nextDecree: () => this.last + 1,
      load: (decree, limit) => this.load(decree, limit),
      firstLoadable: () => this.first,
      failMode: () => this.mode,
      onProgress: (decree) => (this.last = Math.max(this.last, decree)),
      events: {
        onShipped: () => undefined,
        onShipFailed: () => (this.failed += 1),
        onLoadFailed: () => (this.loadsFailed += 1),
        onLost: (count) => this.lost.push(count),
      },
      endProcess: (reason) => (this.ended = reason),
    });
  }

  commit(decree: number): void {
    this.committed = decree;
    this.pipeline.wake();
  }

  pass(ms: number): Promise<void> {
    return this.clock.advanceAsync(ms, 10);
  }

  private load(decree: number, limit: number): readonly Mutation[] | 'gone' {
    if (decree < this.first) return 'gone';
    const mutations: Mutation[] = [];
    for (let each = decree; each <= this.committed && mutations.length < limit; each += 1) {
      const updates = [{ code: EMPTY_WRITE, data: Buffer.alloc(0) }];
      mutations.push({ decree: each, ballot: 1, timestampUs: 0, updates });
    }
    return mutations;
  }
}

let source: Source;
beforeEach(() => (source = new Source()));
afterEach(async () => {
  source.pipeline.close();
  await source.pass(20);
  expect(source.clock.pending).toBe(0);
});

const refuse = () => make(duplicateResponse, { error: 4, error_hint: 'self-duplicating' });
const unreachable = () => Promise.reject(new OneboxError('ERR_NETWORK_FAILURE', 'nobody there'));

test('what is committed goes in one batch a moment later', async () => {
  source.commit(3);
  await source.pass(90);
  expect(source.shipped).toEqual([]);
  await source.pass(20);
  expect(source.shipped).toEqual([{ entries: [] }]);
  expect(source.last).toBe(3);
});

test('on a replica that is not primary nothing is shipped until it is again', async () => {
  source.primary = false;
  source.commit(3);
  await source.pass(5000);
  expect(source.shipped).toEqual([]);
  source.primary = true;
  source.pipeline.wake();
  await source.pass(200);
  expect(source.last).toBe(3);
});

test.each<DupFailMode>(['FAIL_SLOW', 'FAIL_SKIP', 'FAIL_FAST'])(
  'a cluster that is not reached is waited for, longer every time: %s',
  async (mode) => {
    source.mode = mode;
    source.answer = unreachable;
    source.commit(3);
    await source.pass(60_000);
    // 1, 2, 4, 8 s and then every 10 s.
    expect(source.shipped).toHaveLength(9);
    expect(source.failed).toBe(9);
    expect([source.last, source.ended, source.lost]).toEqual([0, undefined, []]);
    expect(source.log.lines.filter((line) => line.startsWith('W'))).toEqual([
      'W 1.0: duplication 7: not shipped: ERR_NETWORK_FAILURE: nobody there; next attempt in 1000 ms',
    ]);
    source.answer = () => OK;
    await source.pass(10_000);
    expect(source.last).toBe(3);
  },
);

test('FAIL_SLOW ships what the other cluster refuses again and again', async () => {
  source.answer = refuse;
  source.commit(3);
  await source.pass(60_000);
  expect(source.shipped).toHaveLength(9);
  expect(source.last).toBe(0);
});

test('FAIL_SKIP goes on behind what the other cluster refuses', async () => {
  source.mode = 'FAIL_SKIP';
  source.answer = refuse;
  source.commit(3);
  await source.pass(5000);
  expect([source.shipped.length, source.last, source.lost]).toEqual([3, 3, [3]]);
  source.answer = () => OK;
  source.commit(4);
  await source.pass(200);
  expect([source.last, source.lost]).toEqual([4, [3]]);
});

test('FAIL_FAST ends the process when the other cluster refuses', async () => {
  source.mode = 'FAIL_FAST';
  source.answer = refuse;
  source.commit(3);
  await source.pass(60_000);
  expect(source.ended).toBe(
    '1.0: duplication 7: up to decree 3 refused with error 4: self-duplicating (FAIL_FAST)',
  );
  expect(source.shipped).toHaveLength(3);
});

describe('when the log does not reach back to the read position', () => {
  beforeEach(() => {
    source.first = 11;
    source.commit(20);
  });

  test('FAIL_SLOW waits for somebody to help', async () => {
    await source.pass(60_000);
    expect([source.last, source.shipped, source.lost]).toEqual([0, [], []]);
    expect(source.loadsFailed).toBe(9);
    expect(source.log.lines[0]).toBe(
      'W 1.0: duplication 7: decrees 1 to 10 are in the log no more; next attempt in 1000 ms',
    );
    source.mode = 'FAIL_SKIP';
    await source.pass(10_200);
    expect([source.last, source.lost]).toEqual([20, [10]]);
  });

  test('FAIL_SKIP goes on where the log begins', async () => {
    source.mode = 'FAIL_SKIP';
    await source.pass(5000);
    expect([source.last, source.lost, source.loadsFailed]).toEqual([20, [10], 3]);
  });

  test('FAIL_FAST ends the process', async () => {
    source.mode = 'FAIL_FAST';
    await source.pass(5000);
    expect(source.ended).toBe('1.0: duplication 7: decrees 1 to 10 are in the log no more (FAIL_FAST)');
  });
});
