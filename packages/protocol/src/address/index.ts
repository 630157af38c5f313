export * from './address-resolver';
export * from './wire-node';
