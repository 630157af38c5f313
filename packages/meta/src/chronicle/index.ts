export { Chronicle } from './chronicle';
export type { ChronicleParts, ToldChange } from './chronicle';
export type { Why } from './partition-causes';
