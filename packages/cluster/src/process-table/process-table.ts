import { existsSync } from 'node:fs';
import { ProcfsProcessTable } from './procfs-process-table';
import { PsProcessTable } from './ps-process-table';

/**
 * Which process is meant: pids are used again, so a pid alone names nobody after a crash or a reboot. `startToken` is
 * the process's start time in the words of this machine's process table, and only ever compared for equality.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startToken: string;
}

/** What the system tells about a process. */
export interface ProcessFacts {
  readonly startToken: string;
  /** `frozen`: stopped by a signal or a debugger. `ended`: a zombie, which runs nothing and waits for its parent. */
  readonly state: 'running' | 'frozen' | 'ended';
  readonly startedAtUnixMs: number;
  /** Resident memory. */
  readonly rssBytes: number;
}

/** The processes of this machine. Calls are synchronous, because a signal must follow the look without a gap. */
export interface ProcessTable {
  /** Undefined when there is no such process. */
  look(pid: number): ProcessFacts | undefined;
  /** The command line, words joined by blanks; undefined when there is no such process or it is not ours to see. */
  commandLine(pid: number): string | undefined;
}

/** The table of the machine this runs on: /proc where there is one, `ps` elsewhere. */
export function systemProcessTable(): ProcessTable {
  return existsSync('/proc/self/stat') ? new ProcfsProcessTable() : new PsProcessTable();
}

/** The process itself, if it still runs; undefined when it ended or its pid belongs to another one by now. */
export function lookFor(table: ProcessTable, identity: ProcessIdentity): ProcessFacts | undefined {
  const facts = table.look(identity.pid);
  return facts !== undefined && facts.state !== 'ended' && facts.startToken === identity.startToken
    ? facts
    : undefined;
}

/** Our own identity. */
export function ownIdentity(table: ProcessTable): ProcessIdentity {
  return { pid: process.pid, startToken: table.look(process.pid)?.startToken ?? 'unknown' };
}
