import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ClusterRecord } from '@onebox/cluster';
import { neverInterrupted } from '../../../packages/cli/src/interrupted';
import { runCli } from '../../../packages/cli/src/run-cli';
import { PROJECT } from '../../support/run-cli';
import { testPortOffset } from '../../support/test-ports';

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Ports of clusters as the page shows them: those without an offset. */
const SHOWN_PORTS = [22_181, 34_101, 34_601, 34_602, 34_603, 34_801, 34_802, 34_803];

/** What a record has that `recorded` is not told. */
const RECORD: Omit<ClusterRecord, 'name' | 'portOffset' | 'template'> = {
  format: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  metas: 1,
  replicas: 3,
  collector: true,
  app: 'temp',
  partitions: 8,
  pegasusVersion: 'documented',
  timeScale: 0.1,
  bind: '127.0.0.1',
  advertise: '127.0.0.1',
  zookeeper: { kind: 'local', provider: 'local', hosts: '127.0.0.1:22181' },
  root: '/pegasus/onebox/127.0.0.1',
  set: [],
};

/** One run of the command in this process, in a home of its own: what it finds there is arranged before. */
export class Scene {
  readonly home = mkdtempSync(join(tmpdir(), 'obg-'));
  readonly offset = testPortOffset(0);
  /** `bin/pegasus_server`, or what stands in for it. */
  serverProgram = join(PROJECT, 'bin/pegasus_server');
  pm2Daemon = createRequire(__filename).resolve('pm2/lib/Daemon.js');
  /** `bin/onebox_dashboard`, or what stands in for it. */
  dashboardProgram = join(PROJECT, 'test/cli/support/fake-dashboard.cjs');
  /** Hears what the command writes while it runs. */
  onOutput: (text: string) => void = () => undefined;
  readonly interrupt = new AbortController();
  private readonly environment: NodeJS.ProcessEnv = {
    ONEBOX_HOME: this.home,
    PATH: process.env['PATH'] ?? '',
  };
  private readonly masks: [pattern: RegExp | string, shown: string][] = [];
  private readonly undo: (() => unknown)[] = [];

  async run(words: readonly string[]): Promise<Said> {
    let stdout = '';
    let stderr = '';
    const code = await runCli(words, {
      installation: {
        serverProgram: this.serverProgram,
        zookeeperProgram: join(PROJECT, 'bin/zookeeper_embedded'),
        resumerProgram: join(PROJECT, 'bin/onebox_resumer'),
        dashboardProgram: this.dashboardProgram,
        pm2Daemon: this.pm2Daemon,
        template: join(PROJECT, 'onebox.ini'),
        composeFile: join(PROJECT, 'docker-compose.yml'),
      },
      version: '1.2.3',
      environment: this.environment,
      stdout: { write: (text) => ((stdout += text), this.onOutput(text)) },
      stderr: { write: (text) => (stderr += text) },
      listenForInterrupts: () => ({ ...neverInterrupted(), signal: this.interrupt.signal }),
    });
    return { code, stdout: this.masked(stdout), stderr: this.masked(stderr) };
  }

  /** What differs from run to run is shown as what it stands for. */
  masked(text: string): string {
    const shifted = SHOWN_PORTS.map((port) => [String(port + this.offset), String(port)] as const);
    const all = [...this.masks, [this.home, 'HOME'], [PROJECT, 'ONEBOX'], ...shifted] as const;
    const shown = all.reduce((masked, [pattern, word]) => masked.replaceAll(pattern, word), text);
    return shown
      .replaceAll(String(this.offset), 'OFFSET')
      .replace(/\bpid \d+ \(.*?\)/g, 'pid PID (COMMAND)')
      .replace(/\bpid \d+/g, 'pid PID')
      .replace(/after \d+\.\d s/g, 'after N s');
  }

  /** @param pattern text, or a pattern with the flag g */
  mask(pattern: RegExp | string, shown: string): void {
    this.masks.push([pattern, shown]);
  }

  /** The text of onebox.ini. */
  get template(): string {
    return readFileSync(join(PROJECT, 'onebox.ini'), 'utf8');
  }

  /** The record of a cluster that was created before. */
  recorded(changed: Partial<ClusterRecord> = {}): void {
    const record: ClusterRecord = {
      ...RECORD,
      name: 'onebox',
      portOffset: this.offset,
      template: { file: 'onebox.ini', text: this.template },
      ...changed,
    };
    this.write(`${record.name}/record.json`, JSON.stringify(record));
    this.write(`${record.name}/.pegasus-onebox`, '');
  }

  /** A file below the home. */
  write(file: string, text: string): string {
    const path = join(this.home, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  set(variable: string, value: string): void {
    this.environment[variable] = value;
  }

  /** A variable of this very process: providers look for programs as the process would start them. */
  setForProcess(variable: string, value: string): void {
    const before = process.env[variable];
    process.env[variable] = value;
    this.later(() => {
      if (before === undefined) delete process.env[variable];
      else process.env[variable] = before;
    });
  }

  /** A port that takes connections and says nothing. */
  async listen(port: number): Promise<void> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      // Whoever connected to look whether somebody listens is gone again.
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    this.later(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    });
  }

  /** To be done when the scene is over. */
  later(work: () => unknown): void {
    this.undo.push(work);
  }

  async close(): Promise<void> {
    for (const work of this.undo.reverse()) await work();
    rmSync(this.home, { recursive: true, force: true });
  }
}
