export * from './docker-provider';
