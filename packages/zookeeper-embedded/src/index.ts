export * from './journal/file-journal';
export * from './journal/journal';
export * from './journal/memory-journal';
export * from './server';
