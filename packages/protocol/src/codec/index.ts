export * from './argument';
export * from './protocol-error';
export * from './thrift-reader';
export * from './thrift-types';
export * from './thrift-writer';
