export * from './cli-context';
export * from './exit-code';
export * from './run-cli';
