export * from './codes';
export * from './frame-splitter';
export * from './jute-reader';
export * from './jute-writer';
export * from './schema';
