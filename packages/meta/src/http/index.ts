export * from './meta-http-handlers';
