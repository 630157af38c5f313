export * from './pprof-calls';
export * from './sample-parameter';
