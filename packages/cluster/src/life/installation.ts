import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Where the parts of the product are that are not in the command itself. Absolute paths. */
export interface Installation {
  /** `bin/pegasus_server`, run with Node: `pegasus_server config.ini -app_list meta|replica|collector`. */
  readonly serverProgram: string;
  /** `bin/zookeeper_embedded`, run with Node: `zookeeper_embedded zoo.cfg [--in-memory]`. */
  readonly zookeeperProgram: string;
  /** `bin/onebox_resumer`, run with Node: resumes a paused process when its time is over. */
  readonly resumerProgram: string;
  /** `bin/onebox_dashboard`, run with Node: `onebox_dashboard STATE_DIRECTORY/dashboard/dashboard.json`. */
  readonly dashboardProgram: string;
  /** pm2's lib/Daemon.js. */
  readonly pm2Daemon: string;
  /** `onebox.ini`. */
  readonly template: string;
  /** `docker-compose.yml`. */
  readonly composeFile: string;
}

/** The parts of an installed package. @param root its directory, absolute */
export function installationIn(root: string): Installation {
  return {
    serverProgram: join(root, 'bin', 'pegasus_server'),
    zookeeperProgram: join(root, 'bin', 'zookeeper_embedded'),
    resumerProgram: join(root, 'bin', 'onebox_resumer'),
    dashboardProgram: join(root, 'bin', 'onebox_dashboard'),
    pm2Daemon: pm2Daemon(root),
    template: join(root, 'onebox.ini'),
    composeFile: join(root, 'docker-compose.yml'),
  };
}

/** Where pm2 should be, when it is not found: `onebox doctor` tells, and has to be able to start. */
function pm2Daemon(root: string): string {
  try {
    // Only a name is resolved here: loading pm2 is what its daemon does.
    return createRequire(join(root, 'package.json')).resolve('pm2/lib/Daemon.js');
  } catch {
    return join(root, 'node_modules/pm2/lib/Daemon.js');
  }
}
