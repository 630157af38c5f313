import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemProcessTable } from '../../src/process-table/process-table';
import { ProcessRecords } from '../../src/supervisor';
import type { ProcessSpec } from '../../src/supervisor';
import { killNow } from '../../src/supervisor';

export const PM2_DAEMON = createRequire(__filename).resolve('pm2/lib/Daemon.js');

/** A directory for one test, and the records of what runs in it; whatever is left at the end is killed. */
export interface Scratch {
  readonly directory: string;
  readonly records: ProcessRecords;
  /** A Node program of one line. */
  readonly program: (name: string, script: string, spec?: Partial<ProcessSpec>) => ProcessSpec;
}

export async function withScratch(work: (scratch: Scratch) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'obt-'));
  const records = new ProcessRecords(join(directory, 'run'), systemProcessTable());
  const program = (name: string, script: string, spec: Partial<ProcessSpec> = {}): ProcessSpec => ({
    name,
    command: process.execPath,
    args: ['-e', script],
    cwd: directory,
    outputFile: join(directory, `${name}.out`),
    ...spec,
  });
  try {
    await work({ directory, records, program });
  } finally {
    await killNow(records, records.allLive());
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A program that runs until it is told to end. */
export const FOREVER = 'setInterval(() => undefined, 1000); console.log("up");';
