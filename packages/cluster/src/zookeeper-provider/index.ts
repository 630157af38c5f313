export * from './choose-provider';
export * from './docker';
export * from './embedded-provider';
export * from './external-provider';
export * from './local-provider';
export * from './provider';
export * from './readiness';
export * from './root-marker';
export { tickTimeMs } from './zoo-cfg';
