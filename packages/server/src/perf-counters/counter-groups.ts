import type { Gpid } from '@onebox/base';
import type { MetricEntity, MetricRegistry } from '../metrics';
import type { Role } from '../process/role';
import { META_COUNTERS, POLICY_COUNTERS } from './catalog/meta-counters';
import {
  PROCESS_COUNTERS,
  PROFILER_COUNTERS,
  QUEUE_COUNTERS,
  TASKS_SINCE_2_4,
} from './catalog/process-counters';
import { REPLICA_COUNTERS } from './catalog/replica-counters';
import { REPLICA_SERVER_COUNTERS } from './catalog/replica-server-counters';
import { TABLE_COUNTERS } from './catalog/table-counters';
import type { CounterDefinition, CounterGeneration, ServerSubject } from './counter-definition';
import { existingIn } from './counter-definition';
import { CounterGroup } from './counter-group';
import { EntityTotals } from './entity-totals';

/** The name of the table that a replica belongs to; undefined while it is not known. */
export type TableNames = (replica: Gpid) => string | undefined;

export interface CounterGroupsOptions {
  readonly metrics: MetricRegistry;
  readonly role: Role;
  readonly generation: CounterGeneration;
  /** Real milliseconds, never going back. */
  readonly nowMs: () => number;
  readonly provided: ServerSubject['provided'];
  readonly tableName: TableNames;
}

const SERVER_COUNTERS: Readonly<Record<Role, readonly CounterDefinition<ServerSubject>[]>> = {
  meta: META_COUNTERS,
  replica: REPLICA_SERVER_COUNTERS,
  collector: [],
};

/** Which counters there are, following the entities of the metric registry. */
export class CounterGroups {
  private readonly server: CounterGroup;
  private readonly sets = {
    replicas: new EntityTotals(),
    partitions: new EntityTotals(),
    tables: new EntityTotals(),
    disks: new EntityTotals(),
  };
  /** Entities with counters of their own; a stale one keeps its group, for the case that somebody takes it up again. */
  private readonly owners = new Map<MetricEntity, CounterGroup | undefined>();
  private readonly tableOf = new Map<MetricEntity, string>();
  private readonly tables = new Map<
    string,
    { readonly replicas: EntityTotals; readonly group: CounterGroup }
  >();
  private readonly perReplica: readonly CounterDefinition<MetricEntity>[];
  private readonly perTable: readonly CounterDefinition<EntityTotals>[];
  private readonly perPolicy: readonly CounterDefinition<MetricEntity>[];
  private readonly perQueue: readonly CounterDefinition<MetricEntity>[];
  private readonly perTask: readonly CounterDefinition<MetricEntity>[];
  private lookedAtMs: number;

  constructor(private readonly options: CounterGroupsOptions) {
    const { metrics, role, generation, nowMs, provided } = options;
    this.perReplica = existingIn(generation, REPLICA_COUNTERS);
    this.perTable = existingIn(generation, TABLE_COUNTERS);
    this.perPolicy = existingIn(generation, POLICY_COUNTERS);
    this.perQueue = existingIn(generation, QUEUE_COUNTERS);
    this.perTask = existingIn(generation, PROFILER_COUNTERS);
    this.lookedAtMs = nowMs();
    const definitions = existingIn(generation, [...PROCESS_COUNTERS, ...SERVER_COUNTERS[role]]);
    const subject = { server: metrics.server, ...this.sets, provided };
    this.server = CounterGroup.of(definitions, subject, { prefix: '', suffix: '' }, this.lookedAtMs);
  }

  /** The groups that exist now. */
  now(): readonly CounterGroup[] {
    this.follow();
    const groups = [this.server];
    for (const [entity, group] of this.owners) if (group !== undefined && !entity.stale) groups.push(group);
    for (const { replicas, group } of this.tables.values()) if (replicas.alive) groups.push(group);
    return groups;
  }

  private follow(): void {
    const { metrics } = this.options;
    const there = new Set<MetricEntity>();
    for (const entity of metrics.entities()) {
      there.add(entity);
      if (!this.owners.has(entity)) this.takeIn(entity);
      if (entity.type === 'replica' && !this.tableOf.has(entity)) this.joinTable(entity);
    }
    if (there.size !== this.owners.size) {
      for (const entity of this.owners.keys()) if (!there.has(entity)) this.letGo(entity);
    }
    this.lookedAtMs = this.options.nowMs();
  }

  private takeIn(entity: MetricEntity): void {
    const { attributes, id } = entity;
    const name = id.slice(id.indexOf('@') + 1);
    switch (entity.type) {
      case 'replica':
        this.sets.replicas.add(entity);
        return this.own(
          entity,
          this.perReplica,
          '',
          `@${attributes['table_id']}.${attributes['partition_id']}`,
        );
      case 'queue':
        return this.own(entity, this.perQueue, `${this.options.role}*engine*${name}`, '');
      case 'profiler':
        if (this.options.generation === '2.0' && TASKS_SINCE_2_4.includes(name)) break;
        return this.own(entity, this.perTask, `zion*profiler*${name}`, '');
      case 'backup_policy':
        return this.own(entity, this.perPolicy, `meta*eon.meta.policy*${attributes['policy_name']}`, '');
      case 'partition':
        this.sets.partitions.add(entity);
        break;
      case 'table':
        this.sets.tables.add(entity);
        break;
      case 'disk':
        this.sets.disks.add(entity);
        break;
      default:
    }
    this.owners.set(entity, undefined);
  }

  /** Counters of an entity that nobody has looked at before: they began with it, at the last look at the latest. */
  private own(
    entity: MetricEntity,
    definitions: readonly CounterDefinition<MetricEntity>[],
    prefix: string,
    suffix: string,
  ): void {
    this.owners.set(entity, CounterGroup.of(definitions, entity, { prefix, suffix }, this.lookedAtMs));
  }

  /** As upstream, a replica's table keeps for it the name it had when the replica was opened. */
  private joinTable(replica: MetricEntity): void {
    const { table_id: table, partition_id: partition } = replica.attributes;
    const name = this.options.tableName({ appId: Number(table), partitionIndex: Number(partition) });
    if (name === undefined) return;
    this.tableOf.set(replica, name);
    const known = this.tables.get(name);
    if (known !== undefined) {
      known.replicas.add(replica);
      return;
    }
    const replicas = new EntityTotals();
    replicas.add(replica);
    const group = CounterGroup.of(
      this.perTable,
      replicas,
      { prefix: '', suffix: `@${name}` },
      this.lookedAtMs,
    );
    this.tables.set(name, { replicas, group });
  }

  private letGo(entity: MetricEntity): void {
    this.owners.delete(entity);
    for (const set of Object.values(this.sets)) set.remove(entity);
    const name = this.tableOf.get(entity);
    if (name === undefined) return;
    this.tableOf.delete(entity);
    const table = this.tables.get(name);
    table?.replicas.remove(entity);
    if (table?.replicas.empty === true) this.tables.delete(name);
  }
}
