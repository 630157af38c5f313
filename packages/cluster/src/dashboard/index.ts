export { dashboardUrl, readDashboardFile, writeDashboardFile } from './dashboard-file';
export type { DashboardFile } from './dashboard-file';
export type { DashboardOptions, RunningDashboard } from './start-dashboard';
