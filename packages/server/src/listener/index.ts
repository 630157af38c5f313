export * from './first-bytes';
export * from './listener';
export * from './request-head';
