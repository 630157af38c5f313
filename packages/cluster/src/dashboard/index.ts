export { dashboardUrl, readDashboardFile, writeDashboardFile } from './dashboard-file';
export type { DashboardFile } from './dashboard-file';
