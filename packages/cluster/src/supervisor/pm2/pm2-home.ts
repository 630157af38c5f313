import { mkdirSync, rmSync, truncateSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A log that grew larger is emptied when a daemon is started; a run of a cluster writes a few kilobytes. */
const LOG_LIMIT_BYTES = 1024 * 1024;

/** Files of one PM2_HOME, which belongs to one cluster (pm2's paths.js gives the names). */
export class Pm2Home {
  readonly rpcSocket: string;
  readonly pubSocket: string;
  readonly logFile: string;

  constructor(readonly directory: string) {
    this.rpcSocket = join(directory, 'rpc.sock');
    this.pubSocket = join(directory, 'pub.sock');
    this.logFile = join(directory, 'pm2.log');
  }

  /** What the daemon expects to find. The daemon samples the machine's load unless `sysmonit` is off: nobody reads it. */
  prepare(): void {
    this.removeTraces();
    mkdirSync(this.pids, { recursive: true, mode: 0o700 });
    writeFileSync(join(this.directory, 'module_conf.json'), '{"pm2":{"sysmonit":"false"}}');
    if ((statSync(this.logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) {
      truncateSync(this.logFile);
    }
  }

  pidFileOf(name: string): string {
    return join(this.pids, `${name}.pid`);
  }

  /** What a killed daemon leaves behind: sockets nobody listens on, and pids. */
  removeTraces(): void {
    for (const file of [this.rpcSocket, this.pubSocket, join(this.directory, 'pm2.pid'), this.pids]) {
      rmSync(file, { recursive: true, force: true });
    }
  }

  private get pids(): string {
    return join(this.directory, 'pids');
  }
}
