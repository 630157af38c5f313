import { createRequire } from 'node:module';
import { join } from 'node:path';
import { listenForInterrupts } from './interrupted';
import { runCli } from './run-cli';

/** Put in by the build (scripts/build/build.mjs). */
declare const ONEBOX_VERSION: string;

/** This file is dist/cli.js; everything else of the package lies beside dist. */
const root = join(__dirname, '..');

// Whoever read our output has enough (`onebox start | head -1`): the command goes on, as what it does is not the output.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** Where pm2 should be, when it is not found: `onebox doctor` tells, and has to be able to start. */
function pm2Daemon(): string {
  try {
    return createRequire(join(root, 'package.json')).resolve('pm2/lib/Daemon.js');
  } catch {
    return join(root, 'node_modules/pm2/lib/Daemon.js');
  }
}

void runCli(process.argv.slice(2), {
  installation: {
    serverProgram: join(root, 'bin', 'pegasus_server'),
    zookeeperProgram: join(root, 'bin', 'zookeeper_embedded'),
    // Only a name is resolved here: loading pm2 is what its daemon does.
    pm2Daemon: pm2Daemon(),
    template: join(root, 'onebox.ini'),
    composeFile: join(root, 'docker-compose.yml'),
  },
  version: ONEBOX_VERSION,
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  listenForInterrupts,
}).then((code) => {
  process.exitCode = code;
});
