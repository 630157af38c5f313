import type { MetricName } from '../../metrics';
import { of, ofAll, ofEntity } from '../counter-definition';
import type { CounterDefinition, ServerSubject } from '../counter-definition';
import { MetricReader } from '../metric-reader';
import { ENGINE_ROWS, FEATURE_ROWS, NUMBERS_IN_2_0_ROWS, OTHER_ROWS, STUB_ROWS } from './replica-server-rows';
import type { ServerCounterRow } from './replica-server-rows';

const ENGINE = 'replica*app.pegasus*';
const STUB = 'replica*eon.replica_stub*';

const CAPACITY = new MetricReader('disk_capacity_total_mb');
const FREE = new MetricReader('disk_capacity_avail_mb');

type Counter = CounterDefinition<ServerSubject>;

const replicasOf = (subject: ServerSubject) => subject.replicas;

/** The counters of a replica server as a whole (reference/metrics.md 4.7). */
export const REPLICA_SERVER_COUNTERS: readonly Counter[] = [
  ...ENGINE_ROWS.map((row) => counter(ENGINE, row)),
  ...STUB_ROWS.map((row) => counter(STUB, row)),
  ...FEATURE_ROWS.map((row) => counter(STUB, row)),
  ...NUMBERS_IN_2_0_ROWS.map((row): Counter => ({ ...counter(STUB, row), typeIn20: 'NUMBER' })),
  ...OTHER_ROWS.map((row) => counter('', row)),
  // What a server has only while one of its replicas is duplicated.
  whileDuplicating('dup.shipped_bytes_rate', 'dup_shipped_bytes'),
  whileDuplicating('dup.log_read_bytes_rate', 'dup_log_read_bytes'),
  whileDuplicating('dup.log_read_mutations_rate', 'dup_log_read_mutations'),
  // Replicas have had logs of their own since long before 2.0; the shared one is there and stays empty.
  nothing('shared.log.size(MB)', 'NUMBER', 'size of the log that all replicas share, MB'),
  nothing(
    'shared.log.recent.write.size',
    'VOLATILE_NUMBER',
    'bytes written to the log that all replicas share',
  ),
  // A backup cannot be paused by any call.
  nothing('cold.backup.recent.pause.count', 'VOLATILE_NUMBER', 'backups paused'),
  level(`${STUB}disk.capacity.total(MB)`, 'capacity of all disks, MB', ({ disks }) => disks.now(CAPACITY)),
  level(`${STUB}disk.available.total(MB)`, 'free space of all disks, MB', ({ disks }) => disks.now(FREE)),
  level(`${STUB}disk.available.total.ratio`, 'free space of all disks together, percent', ({ disks }) =>
    percent(disks.now(FREE), disks.now(CAPACITY)),
  ),
  level(`${STUB}disk.available.min.ratio`, 'free space of the fullest disk, percent', (subject) =>
    Math.min(100, ...diskRatios(subject)),
  ),
  level(`${STUB}disk.available.max.ratio`, 'free space of the emptiest disk, percent', (subject) =>
    Math.max(0, ...diskRatios(subject)),
  ),
];

function counter(section: string, [name, type, scope, metric, since = '2.0']: ServerCounterRow): Counter {
  const fullName = section + name;
  if (scope === 'server')
    return of(ofEntity(fullName, type, metric, { since }), (subject: ServerSubject) => subject.server);
  const all = of(ofAll(fullName, type, metric, { since }), replicasOf);
  const reader = new MetricReader(metric);
  return scope === 'all' ? all : { ...all, read: (subject) => subject.replicas.largest(reader) };
}

function whileDuplicating(name: string, metric: MetricName & Parameters<typeof ofAll>[2]): Counter {
  const rate = of(ofAll(STUB + name, 'RATE', metric), replicasOf);
  return { ...rate, read: (subject) => (subject.replicas.have(metric) ? rate.read(subject) : undefined) };
}

function nothing(name: string, type: 'NUMBER' | 'VOLATILE_NUMBER', description: string): Counter {
  return { name: STUB + name, type, description, since: '2.0', source: 'level', read: () => 0 };
}

function level(name: string, description: string, read: (subject: ServerSubject) => number): Counter {
  return { name, type: 'NUMBER', description, since: '2.0', source: 'level', read };
}

function diskRatios({ disks }: ServerSubject): readonly number[] {
  const free = disks.values(FREE);
  return disks.values(CAPACITY).map((total, at) => percent(free[at] ?? 0, total));
}

/** Whole percent, 0 of nothing. */
function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part * 100) / whole);
}
