import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlockError, LocalService } from '@onebox/server';
import { BulkLoadStatus } from '@onebox/protocol';
import { DownloadSlots } from '../src/bulk-load';
import { FileDownload } from '../src/bulk-load/file-download';
import { parseLoadMetadata } from '../src/bulk-load/load-metadata';
import { goesTogether, loadStatusOf, stepOf } from '../src/bulk-load/load-status';
import type { LoadStatus } from '../src/bulk-load/load-status';
import { IngestedFiles } from '../src/storage/ingested-files';

const STATUSES = Object.keys(BulkLoadStatus) as LoadStatus[];

describe('what a replica does when it hears where the meta server is', () => {
  const steps = (meta: LoadStatus): Record<string, string> =>
    Object.fromEntries(
      STATUSES.map((local) => [local.slice(4), goesTogether(meta, local) ? stepOf(meta, local) : '-']),
    );

  test.each<readonly [LoadStatus, Record<string, string>]>([
    [
      'BLS_DOWNLOADING',
      {
        INVALID: 'download',
        DOWNLOADING: 'nothing',
        DOWNLOADED: 'nothing',
        INGESTING: 'download',
        SUCCEED: 'download',
        FAILED: '-',
        PAUSING: '-',
        PAUSED: 'download',
        CANCELED: '-',
      },
    ],
    [
      'BLS_INGESTING',
      {
        INVALID: '-',
        DOWNLOADING: '-',
        DOWNLOADED: 'begin to ingest',
        INGESTING: 'look after ingestion',
        SUCCEED: '-',
        FAILED: '-',
        PAUSING: '-',
        PAUSED: '-',
        CANCELED: '-',
      },
    ],
    [
      'BLS_SUCCEED',
      {
        INVALID: 'clean up',
        DOWNLOADING: '-',
        DOWNLOADED: 'succeed',
        INGESTING: 'succeed',
        SUCCEED: 'clean up',
        FAILED: '-',
        PAUSING: '-',
        PAUSED: '-',
        CANCELED: '-',
      },
    ],
    [
      'BLS_PAUSING',
      {
        INVALID: 'pause',
        DOWNLOADING: 'pause',
        DOWNLOADED: 'pause',
        INGESTING: '-',
        SUCCEED: '-',
        FAILED: '-',
        PAUSING: 'pause',
        PAUSED: 'nothing',
        CANCELED: '-',
      },
    ],
  ])('%s', (meta, expected) => {
    expect(steps(meta)).toEqual(expected);
  });

  test('a downloaded table needs downloaded replicas; an end is for all; paused is never said', () => {
    const together = (meta: LoadStatus) => STATUSES.filter((local) => goesTogether(meta, local));
    expect(together('BLS_DOWNLOADED')).toEqual(['BLS_DOWNLOADED']);
    expect(together('BLS_PAUSED')).toEqual([]);
    for (const meta of ['BLS_FAILED', 'BLS_CANCELED'] as const) {
      expect(together(meta)).toEqual(STATUSES);
      expect(STATUSES.map((local) => stepOf(meta, local))).toEqual(STATUSES.map(() => 'clean up'));
    }
  });

  test('a number that is no status is none', () => {
    expect([loadStatusOf(1), loadStatusOf(9), loadStatusOf(-1)]).toEqual([
      'BLS_DOWNLOADING',
      undefined,
      undefined,
    ]);
  });
});

describe('bulk_load_metadata', () => {
  const file = (name: unknown, size: unknown = 1, md5: unknown = '') => ({ name, size, md5 });
  const text = (files: unknown, total: unknown) => JSON.stringify({ files, file_total_size: total });

  test('is the files with their total', () => {
    expect(parseLoadMetadata(text([file('a', 1), file('b', 2)], 3))).toEqual({
      files: [file('a', 1), file('b', 2)],
      file_total_size: 3,
    });
  });

  test.each([
    ['', 'not JSON'],
    ['null', 'no object'],
    [text([], 0), 'nothing to load'],
    [text([file('a')], 2), 'a total that is not the sum'],
    [text([file('a', -1), file('b', 2)], 1), 'a negative size'],
    [text([file('a', 1.5)], 1.5), 'half a byte'],
    [text([file('../a')], 1), 'a path'],
    [text([file('a/b')], 1), 'a directory'],
    [text([file('..')], 1), 'the parent'],
    [text([file('')], 1), 'no name'],
    [text([file('a\0')], 1), 'a NUL'],
    [text([file(1)], 1), 'a number as a name'],
    [text([file('a', 1, null)], 1), 'no MD5'],
    [text([file('a'), file('a')], 2), 'one name twice'],
    [text([file('bulk_load_metadata')], 1), 'its own name'],
    [text('a', 1), 'no list'],
  ])('%j is damaged: %s', (content) => {
    let error: unknown;
    try {
      parseLoadMetadata(content);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(BlockError);
    expect((error as BlockError).errorCode).toBe('ERR_CORRUPTION');
  });
});

describe('a download', () => {
  let directory: string;
  let files: LocalService;
  const events: string[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'download-'));
    files = new LocalService(join(directory, 'service'));
    events.length = 0;
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const local = () => join(directory, 'bulk_load');
  const download = (service: LocalService | undefined = files) =>
    new FileDownload({
      files: service,
      remoteDirectory: 'r/0',
      localDirectory: local(),
      onFile: (bytes) => events.push(`file ${bytes}`),
      onFileFailed: () => events.push('file failed'),
      onEnd: (error) => events.push(error === undefined ? 'done' : (error.split(':')[0] ?? '')),
    });

  async function offer(sizes: Readonly<Record<string, string>>): Promise<void> {
    const listed = [];
    for (const [name, content] of Object.entries(sizes)) {
      listed.push(await files.write(`r/0/${name}`, Buffer.from(content)));
    }
    const total = listed.reduce((sum, { size }) => sum + size, 0);
    const metadata = JSON.stringify({ files: listed, file_total_size: total });
    await files.write('r/0/bulk_load_metadata', Buffer.from(metadata));
  }

  test('fetches every file, the last one first, and tells how far it is', async () => {
    await offer({ a: '1', b: '222' });
    const running = download();
    expect([running.progress, running.status]).toEqual([0, 'ERR_OK']);
    await running.run();
    expect(events).toEqual(['file 3', 'file 1', 'done']);
    expect([running.progress, running.metadata.files.length]).toEqual([100, 2]);
    expect((await readdir(local())).sort()).toEqual(['a', 'b', 'bulk_load_metadata']);
    expect(await readFile(join(local(), 'b'), 'utf8')).toBe('222');
  });

  test('does not fetch again what an earlier one left whole, and does what it left in pieces', async () => {
    await offer({ a: '1', b: '222' });
    await download().run();
    await writeFile(join(local(), 'b'), '2');
    await files.remove('r/0/a');
    events.length = 0;
    await download().run();
    expect(events).toEqual(['file 3', 'file 1', 'done']);
    expect(await readFile(join(local(), 'b'), 'utf8')).toBe('222');
  });

  test('without its list, or with a file missing or changed, is damaged for good', async () => {
    await download().run();
    expect(events.splice(0)).toEqual(['ERR_CORRUPTION']);
    await offer({ a: '1', b: '222' });
    await files.remove('r/0/a');
    const running = download();
    await running.run();
    expect([...events.splice(0), running.status]).toEqual([
      'file 3',
      'file failed',
      'ERR_CORRUPTION',
      'ERR_CORRUPTION',
    ]);
    await files.write('r/0/a', Buffer.from('9'));
    await download().run();
    expect(events.splice(0)).toEqual(['file 3', 'file failed', 'ERR_CORRUPTION']);
    expect(await readdir(local())).not.toContain('a');
  });

  test('from a provider that does not exist is refused', async () => {
    const running = new FileDownload({
      files: undefined,
      remoteDirectory: 'r/0',
      localDirectory: local(),
      onFile: () => undefined,
      onFileFailed: () => undefined,
      onEnd: () => undefined,
    });
    await running.run();
    expect(running.status).toBe('ERR_INVALID_PARAMETERS');
  });

  test('that was cancelled says nothing more', async () => {
    await offer({ a: '1' });
    const running = download();
    const run = running.run();
    running.cancel();
    await run;
    expect([events, running.status]).toEqual([[], 'ERR_OK']);
  });
});

test('the slots of downloads are given back once, however often that is tried', () => {
  const slots = new DownloadSlots(2);
  const [first, second] = [slots.tryTake(), slots.tryTake()];
  expect([slots.inUse, slots.tryTake()]).toEqual([2, undefined]);
  first?.();
  first?.();
  expect(slots.inUse).toBe(1);
  second?.();
  expect(slots.inUse).toBe(0);
});

describe('the files a replica has ingested', () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'ingested-'))));
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const file = (name: string) => ({ path: `/x/${name}`, name, size: 1, md5: 'm' });

  test('are there after a restart, each once, and taught to learners', () => {
    const files = new IngestedFiles(directory);
    expect(files.encode()).toEqual(Buffer.alloc(0));
    files.add([file('a')]);
    files.add([file('a'), file('b')]);
    const again = new IngestedFiles(directory);
    expect(again.encode()).toEqual(files.encode());
    expect((JSON.parse(again.encode().toString()) as { files: unknown[] }).files).toEqual([
      { name: 'a', size: 1, md5: 'm' },
      { name: 'b', size: 1, md5: 'm' },
    ]);
    const learner = new IngestedFiles(join(directory, 'learner'));
    learner.replace(files.encode());
    expect(new IngestedFiles(join(directory, 'learner')).encode()).toEqual(files.encode());
  });

  test.each(['x', '{}', '{"format":"pegasus-onebox ingested files","files":[{"name":1}]}'])(
    'are not read from %j',
    (text) => {
      const files = new IngestedFiles(directory);
      expect(() => files.replace(Buffer.from(text))).toThrow('the list of ingested files cannot be read');
    },
  );
});
