export * from './balance-plan';
