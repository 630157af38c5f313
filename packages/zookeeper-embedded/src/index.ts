export * from './journal/journal';
export * from './journal/memory-journal';
