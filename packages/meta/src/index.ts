export { createMetaServer } from './create-meta-server';
export { MetaServer } from './meta-server';
