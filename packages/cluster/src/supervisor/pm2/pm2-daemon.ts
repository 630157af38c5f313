import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { OneboxError, bounded, describeError } from '@onebox/base';
import { launchCommand } from '../launch-script';
import type { LiveProcess, ProcessRecords } from '../process-records';
import { killNow } from '../terminate';
import { processEnvironment } from '../process-environment';
import { Pm2Client } from './pm2-client';
import type { Pm2Home } from './pm2-home';
import { LOG_TIMES } from './pm2-log';

/** The daemon among the cluster's processes. */
export const PM2_PROCESS = 'pm2';

/** It is up in about 0.2 s; a machine may be busy. */
const START_WITHIN_MS = 20_000;

const PING_WITHIN_MS = 2000;

/** How long a daemon may take to end by itself before it is killed. */
const END_WITHIN_MS = 500;

/** How long a server may take after SIGTERM when somebody stops it with pm2's own command. */
const KILL_TIMEOUT_MS = 5000;

/**
 * The daemon of one PM2_HOME: started, reached, ended. Callers hold the cluster's lock; without it two commands would
 * start two daemons (design.md 8).
 */
export class Pm2Daemon {
  constructor(
    private readonly home: Pm2Home,
    private readonly records: ProcessRecords,
    /** Absolute path of pm2's lib/Daemon.js. */
    private readonly program: string,
  ) {}

  /** A connection to the daemon, which is started when there is none. @throws OneboxError ONEBOX_PM2_NOT_STARTED */
  async reach(): Promise<Pm2Client> {
    const running = this.records.live(PM2_PROCESS);
    if (running !== undefined) {
      const client = running.facts.state === 'frozen' ? undefined : await this.answering();
      if (client !== undefined) return client;
      // Frozen, hung, or its socket was removed: nobody can reach it again. Its children do not depend on it.
      await killNow(this.records, [running]);
    }
    await this.spawn();
    return Pm2Client.connect(this.home.rpcSocket);
  }

  /** A hung daemon still accepts connections, so it is asked for an answer. */
  private async answering(): Promise<Pm2Client | undefined> {
    const client = await Pm2Client.connect(this.home.rpcSocket).catch(() => undefined);
    try {
      await client?.call('ping', {}, PING_WITHIN_MS);
      return client;
    } catch {
      client?.close();
      return undefined;
    }
  }

  /** Ends the daemon and removes its files. Processes it started live on. Idempotent. */
  async end(client: Pm2Client | undefined): Promise<void> {
    const running = this.records.live(PM2_PROCESS);
    if (running !== undefined) {
      await this.askToEnd(client, running);
      await killNow(this.records, [running]);
    }
    this.home.removeTraces();
    this.records.forget(PM2_PROCESS);
  }

  /** `killMe` ends the daemon and nothing else. It sends SIGQUIT to the pid it is given, so it is given none. */
  private async askToEnd(client: Pm2Client | undefined, running: LiveProcess): Promise<void> {
    if (running.facts.state === 'frozen') return;
    const connection = client ?? (await Pm2Client.connect(this.home.rpcSocket).catch(() => undefined));
    if (connection === undefined) return;
    // It closes the connection instead of answering.
    await connection.call('killMe', {}, END_WITHIN_MS).catch(() => undefined);
    connection.close();
    const deadline = performance.now() + END_WITHIN_MS;
    while (this.records.isLive(running) && performance.now() < deadline) {
      await new Promise<void>((resolve) => setTimeout(resolve, 2));
    }
  }

  private async spawn(): Promise<void> {
    this.home.prepare();
    this.records.prepare();
    this.records.forget(PM2_PROCESS);
    const { command, args } = launchCommand({
      identityFile: this.records.fileOf(PM2_PROCESS),
      outputFile: this.home.logFile,
      command: process.execPath,
      args: [this.program],
      channel: 'kept',
    });
    const child = spawn(command, args, {
      cwd: this.home.directory,
      detached: true,
      env: processEnvironment(process.env, daemonSettings(this.home.directory)),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    try {
      await bounded('the start of the pm2 daemon', START_WITHIN_MS, firstMessage(child));
    } catch (error) {
      throw new OneboxError('ONEBOX_PM2_NOT_STARTED', `pm2's daemon did not start: ${describeError(error)}`, {
        nextStep: `See ${this.home.logFile}; \`onebox doctor\` tells whether pm2 is there.`,
        data: { log: this.home.logFile },
        cause: error,
      });
    } finally {
      if (child.connected) child.disconnect();
      child.unref();
    }
  }
}

/** The daemon says when both of its sockets listen. */
function firstMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`it ended with ${code ?? signal}`)));
  });
}

function daemonSettings(home: string): Record<string, string> {
  return {
    PM2_HOME: home,
    PM2_DISCRETE_MODE: 'true',
    PM2_DISABLE_VERSION_CHECK: 'true',
    // Its worker only serves features that are switched off here; an hour keeps it from waking up.
    PM2_WORKER_INTERVAL: '3600000',
    PM2_KILL_SIGNAL: 'SIGTERM',
    PM2_KILL_TIMEOUT: String(KILL_TIMEOUT_MS),
    SILENT: 'true',
    // The event log puts the ends of processes between the events of servers.
    PM2_LOG_DATE_FORMAT: LOG_TIMES,
  };
}
