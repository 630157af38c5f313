export * from './metric-catalog';
export type {
  Drive,
  EntityType,
  MetricDefinition,
  MetricType,
  PercentileName,
  Presence,
  Unit,
} from './metric-definition';
export { MetricEntity } from './metric-entity';
export type { Attributes } from './metric-entity';
export * from './metric-handles';
export * from './metric-registry';
