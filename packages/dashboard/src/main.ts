import { isMainThread } from 'node:worker_threads';
import { runLogThread } from './log/log-thread';
import { runDashboard } from './run-dashboard';

if (isMainThread) void runDashboard(process.argv.slice(2));
else runLogThread();
