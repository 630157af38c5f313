export * from './local-provider';
export * from './provider';
export * from './readiness';
export { tickTimeMs } from './zoo-cfg';
