import type { Clock } from '@onebox/base';
import type { Role } from '../process/role';
import { INITIAL_PRESENCES, METRIC_CATALOG } from './metric-catalog';
import type { EntityType, MetricDefinition, Presence } from './metric-definition';
import { MetricEntity } from './metric-entity';
import type { Attributes } from './metric-entity';
import { MetricLayout } from './metric-layout';
import { PercentileTimer } from './percentile-timer';
import { Retirement } from './retirement';

export interface MetricRegistryOptions {
  readonly clock: Clock;
  /** `[metrics] entity_retirement_delay_ms`, Pegasus milliseconds. */
  readonly retirementDelayMs: number;
  readonly role: Role;
  /** Other metrics than the shipped ones, for tests. */
  readonly catalog?: readonly MetricDefinition[];
  /** Spreads first runs of timers: 0 to 1. */
  readonly random?: () => number;
}

/** All metrics of a server process. They are kept whether or not its profile has `/metrics`: the old counters are made of them. */
export class MetricRegistry {
  /** The one entity of type `server`. */
  readonly server: MetricEntity;
  readonly percentileTimer: PercentileTimer;
  private readonly byId = new Map<string, MetricEntity>();
  private readonly retirement: Retirement<MetricEntity>;
  private readonly byType = new Map<EntityType, readonly MetricDefinition[]>();
  private readonly layouts = new Map<EntityType, MetricLayout>();
  private readonly catalog: readonly MetricDefinition[];

  constructor(options: MetricRegistryOptions) {
    const { clock, role, retirementDelayMs, random = Math.random } = options;
    this.catalog = (options.catalog ?? METRIC_CATALOG).filter((metric) => metric.roles.includes(role));
    this.percentileTimer = new PercentileTimer(clock, random);
    this.retirement = new Retirement(this.byId, clock, retirementDelayMs, random);
    this.server = this.entity('server', 'server');
  }

  /**
   * Creates an entity with the metrics its type has on this role from the first moment on, all 0. One with this id that
   * exists already is taken up instead, with its values and with these attributes. There is one owner at a time: who
   * asked last, until it calls `release()`. Keep what you get; do not ask for each event.
   *
   * @throws TypeError when the id belongs to an entity of another type
   */
  entity(type: EntityType, id: string, attributes: Attributes = {}): MetricEntity {
    const known = this.byId.get(id);
    if (known !== undefined) {
      if (known.type !== type) throw new TypeError(`${id} is a ${known.type}, not a ${type}`);
      known.takeUp(attributes);
      return known;
    }
    const made = new MetricEntity(type, id, attributes, this.initialLayout(type), this);
    this.byId.set(id, made);
    return made;
  }

  /** The entity with this id while it is reported, stale ones included. */
  find(id: string): MetricEntity | undefined {
    return this.byId.get(id);
  }

  /** Everything that is reported, oldest first. */
  entities(): Iterable<MetricEntity> {
    return this.byId.values();
  }

  definitions(type: EntityType): readonly MetricDefinition[] {
    const known = this.byType.get(type);
    if (known !== undefined) return known;
    const found = this.catalog.filter((metric) => metric.entityType === type);
    this.byType.set(type, found);
    return found;
  }

  /** Ends the timers; idempotent. */
  close(): void {
    this.percentileTimer.close();
    this.retirement.close();
  }

  private initialLayout(type: EntityType): MetricLayout {
    const known = this.layouts.get(type);
    if (known !== undefined) return known;
    // A catalog of a test may have types of its own.
    const presences = (INITIAL_PRESENCES as Partial<Record<EntityType, readonly Presence[]>>)[type] ?? [
      'always',
    ];
    const made = MetricLayout.of(
      this.definitions(type).filter((metric) => presences.includes(metric.presence)),
    );
    this.layouts.set(type, made);
    return made;
  }
}
