export * from './clock';
export * from './error-code';
export * from './gpid';
export * from './host-port';
export * from './logger';
export * from './onebox-error';
export * from './time-format';
export * from './until';
