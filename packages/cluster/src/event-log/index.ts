export { tellCommand } from './command-events';
export type { CommandEventType } from './command-events';
export * from './event-filter';
export * from './event-text';
export * from './follow-events';
export * from './read-events';
export * from './replay';
