import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeClock } from '@onebox/base';
import { METRIC_CATALOG, MetricRegistry, ROLES } from '../../src';
import type { EntityType, Presence, Role } from '../../src';

interface Row {
  readonly name: string;
  readonly entity_type: string;
  readonly metric_type: string;
  readonly unit: string;
  readonly roles: readonly string[];
  readonly drive: string;
  readonly presence: string;
}

/** The 214 metrics of master, as the reference holds them. */
const REFERENCE = JSON.parse(
  readFileSync(join(__dirname, '..', 'data', 'metrics-catalog.json'), 'utf8'),
) as readonly Row[];

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

test('the catalog is the reference, metric by metric', () => {
  const ours = METRIC_CATALOG.map(({ name, entityType, type, unit, roles, drive, presence }) => ({
    name,
    entity_type: entityType,
    metric_type: type,
    unit,
    roles: [...roles],
    drive,
    presence,
  }));
  const reference = REFERENCE.map(({ name, entity_type, metric_type, unit, roles, drive, presence }) => ({
    name,
    entity_type,
    metric_type,
    unit,
    roles,
    drive,
    presence,
  }));
  expect(ours.sort(byName)).toEqual(reference.sort(byName));
  expect(ours).toHaveLength(214);
});

test('every metric is described', () => {
  expect(METRIC_CATALOG.filter(({ description }) => description.length < 10)).toEqual([]);
});

describe.each(ROLES)('on a %s', (role: Role) => {
  let registry: MetricRegistry;
  beforeEach(() => {
    registry = new MetricRegistry({ clock: new FakeClock(), role, retirementDelayMs: 600_000 });
  });
  afterEach(() => registry.close());

  const names = (type: EntityType, presences: readonly string[]): string[] =>
    REFERENCE.filter((row) => row.entity_type === type && row.roles.includes(role))
      .filter((row) => presences.includes(row.presence))
      .map((row) => row.name)
      .sort();
  const shown = (type: EntityType, ...admitted: Presence[]): string[] => {
    const entity = type === 'server' ? registry.server : registry.entity(type, `${type}@1`);
    for (const presence of admitted) entity.admit(presence);
    return entity.layout.metrics.map((metric) => metric.definition.name).sort();
  };

  test.each<[EntityType, readonly string[]]>([
    ['server', ['always', 'build:gperf']],
    ['disk', ['always']],
    ['replica', ['replica']],
    ['table', ['leader']],
    ['partition', ['leader']],
    ['backup_policy', ['leader']],
    ['queue', ['always']],
    ['connection', ['client-conn']],
    ['profiler', ['profiled-task']],
    ['latency_tracer', ['config']],
  ])('a %s begins with what is %s', (type, presences) => {
    expect(shown(type)).toEqual(names(type, presences));
  });

  test.each<[EntityType, readonly string[], Presence]>([
    ['server', ['always', 'build:gperf', 'first-resolve'], 'first-resolve'],
    ['server', ['always', 'build:gperf', 'first-replica'], 'first-replica'],
    ['replica', ['replica', 'dup-source'], 'dup-source'],
    ['profiler', ['profiled-task', 'profiled-task:rpc-response'], 'profiled-task:rpc-response'],
  ])('a %s that admits %s has also what is %s', (type, presences, admitted) => {
    expect(shown(type, admitted, admitted)).toEqual(names(type, presences));
  });
});
