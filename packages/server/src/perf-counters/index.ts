export type { CounterGeneration, PerfCounterType, ProvidedSource } from './counter-definition';
export * from './counter-sinks';
export * from './open-perf-counters';
export * from './perf-counter-call';
export * from './perf-counter-commands';
export { PerfCounters } from './perf-counters';
export type { LiveCounter, OwnCounter, PerfCountersOptions } from './perf-counters';
