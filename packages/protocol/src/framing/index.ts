export * from './crc32c';
export * from './frame';
export * from './frame-splitter';
export * from './framings';
export { forwardAnswer, LAST_CLIENT_PORT, RDSN_HEADER_BYTES } from './rdsn-frame';
export { writeThftV1Request } from './thft-request';
export * from './write-together';
