export * from './block-error';
export * from './block-file-system';
export * from './block-path';
export * from './file-metadata';
export { md5OfFile } from './hashed-copy';
export * from './local-service';
export * from './open-block-service';
