export * from './balance-plan';
export * from './plan-balance';
export * from './stddev';
