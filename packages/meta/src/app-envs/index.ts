export * from './env-rules';
export * from './env-update';
export * from './validate-envs';
