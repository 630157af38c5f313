import { runDashboard } from './run-dashboard';

void runDashboard(process.argv.slice(2));
