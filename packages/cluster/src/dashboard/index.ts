export { dashboardAnswers } from './dashboard-answers';
export { dashboardUrl, readDashboardFile, writeDashboardFile } from './dashboard-file';
export type { DashboardFile } from './dashboard-file';
export type { DashboardProcess } from './dashboard-process';
export type { DashboardOptions, RunningDashboard } from './start-dashboard';
