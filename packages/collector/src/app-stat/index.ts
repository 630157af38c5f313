export { AppStatRounds } from './app-stat-rounds';
export type { AppStatRound } from './app-stat-rounds';
