import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { neverInterrupted } from '../../src/interrupted';
import { runCli } from '../../src/run-cli';

const PROJECT = join(__dirname, '../../../..');

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process, in a home that is empty and goes away: for everything that starts nothing. */
export async function said(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Said> {
  const home = mkdtempSync(join(tmpdir(), 'obt-'));
  let stdout = '';
  let stderr = '';
  try {
    const code = await runCli(words, {
      installation: {
        serverProgram: join(PROJECT, 'bin/pegasus_server'),
        zookeeperProgram: join(PROJECT, 'bin/zookeeper_embedded'),
        resumerProgram: join(PROJECT, 'bin/onebox_resumer'),
        dashboardProgram: '',
        pm2Daemon: 'not to be started',
        template: join(PROJECT, 'onebox.ini'),
        composeFile: join(PROJECT, 'docker-compose.yml'),
      },
      version: '1.2.3',
      environment: { ONEBOX_HOME: home, ...environment },
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      listenForInterrupts: neverInterrupted,
    });
    return { code, stdout: stdout.replaceAll(home, 'HOME'), stderr: stderr.replaceAll(home, 'HOME') };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
