export * from './doctor';
export type { CheckName, Finding, Verdict } from './finding';
export type { Diagnosis } from './run-doctor';
