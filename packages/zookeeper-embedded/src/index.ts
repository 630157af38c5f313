export * from './journal/journal';
