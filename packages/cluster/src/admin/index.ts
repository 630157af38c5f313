export * from './meta-admin';
export * from './table-admin';
