import { join } from 'node:path';
import { installationIn } from '@onebox/cluster';
import { watchTerminal } from './closed-terminal';
import { listenForInterrupts } from './interrupted';
import { runCli } from './run-cli';

/** Put in by the build (scripts/build/build.mjs). */
declare const ONEBOX_VERSION: string;

/** This file is dist/cli.js; everything else of the package lies beside dist. */
const root = join(__dirname, '..');

// Whoever read our output has enough (`onebox start | head -1`), or the terminal was closed (EIO): the command goes on, as what
// it does is not the output.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

const endOfTerminal = watchTerminal();

void runCli(process.argv.slice(2), {
  installation: installationIn(root),
  version: ONEBOX_VERSION,
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  listenForInterrupts,
}).then((code) => {
  process.exitCode = code;
  endOfTerminal();
});
