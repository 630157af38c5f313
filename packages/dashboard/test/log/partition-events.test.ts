import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterRecord } from '@onebox/cluster';
import { MOST_PARTITION_EVENTS } from '../../src/model';
import { partitionEvents } from '../../src/log/partition-events';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'obd-'));
  mkdirSync(join(directory, 'meta1/log'), { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));

const record = {
  ...{ name: 'onebox', metas: 1, replicas: 3, collector: false, portOffset: 0, advertise: '127.0.0.1' },
  ...{ timeScale: 1, bind: '127.0.0.1' },
} as unknown as ClusterRecord;
const node = (i: number) => `127.0.0.1:${34_800 + i}`;

const line = (number: number, type: string, facts: object): string =>
  `${JSON.stringify({ id: `meta1/a/${number}`, unixMs: 1000 + number, monotonicUs: number, boot: 'b', server: 'meta1', type, ...facts })}\n`;
const changed = (number: number, partition: string, ballot: number, cause?: string) =>
  line(number, 'configuration-changed', {
    partition,
    ballot,
    ...{ primary: node(2), secondaries: [node(3)], lastDrops: [], status: 'AVAILABLE' },
    ...{ change: 'CT_DOWNGRADE_TO_INACTIVE', node: node(1), reason: 'node dead' },
    ...(cause === undefined ? {} : { cause }),
  });

const ask = (partition: string) =>
  partitionEvents({ path: directory, pm2Home: join(directory, 'pm2') }, record, partition);

test('all that the log has of a partition, also what was rotated away, with what led to it', () => {
  writeFileSync(
    join(directory, 'meta1/log/events.1.jsonl'),
    line(1, 'node-dead', { node: node(1), silentMs: null }) + changed(2, '2.3', 4, 'meta1/a/1'),
  );
  const others = Array.from({ length: 600 }, (_, i) => changed(10 + i, '3.0', i, undefined));
  writeFileSync(join(directory, 'meta1/log/events.jsonl'), others.join(''));
  const { events, ...rest } = ask('2.3');
  expect(rest).toEqual({ partition: '2.3', cut: false });
  expect(events.map(({ id, type, partition, cause }) => ({ id, type, partition, cause }))).toEqual([
    { id: 'meta1/a/1', type: 'node-dead', partition: null, cause: null },
    { id: 'meta1/a/2', type: 'configuration-changed', partition: '2.3', cause: 'meta1/a/1' },
  ]);
  expect(events[0]?.text).toBe('node replica1 is dead');
});

test('of very many the newest are told, and that there are more', () => {
  const lines = Array.from({ length: MOST_PARTITION_EVENTS + 1 }, (_, i) => changed(i, '2.3', i));
  writeFileSync(join(directory, 'meta1/log/events.jsonl'), lines.join(''));
  const { events, cut } = ask('2.3');
  expect([events.length, events[0]?.id, cut]).toEqual([MOST_PARTITION_EVENTS, 'meta1/a/1', true]);
});

test.each(['2', '2.3.4', 'x', '../..', '2.9'])('%s is no partition that it knows', (partition) => {
  writeFileSync(join(directory, 'meta1/log/events.jsonl'), changed(1, '2.3', 4));
  expect(() => ask(partition)).toThrow(
    expect.objectContaining({ code: 'ONEBOX_NO_SUCH_PARTITION' }) as Error,
  );
});
