export * from './logged-event';
