import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EventFile, EventLines, machineTimes } from '@onebox/server';
import type { EventFacts } from '@onebox/server';
import type { StateDirectory } from '../state-directory/state-directory';
import { commandLogDirectory } from './event-files';

/** What commands and supervisors tell; the rest is told by servers. */
export type CommandEventType = 'command' | 'server-died' | 'paused' | 'resumed' | 'fault-set' | 'fault-ended';

let lines: EventLines | undefined;

/**
 * Tells what a person, a test or a supervisor did to a cluster, before it is done, so that it stands before what it leads to. Several
 * processes may do so at once: each event is one write at the end of the file, which is rotated as servers' are. Nothing is thrown:
 * what cannot be told is done all the same.
 *
 * @param cause id of the event that led to this one
 * @returns the id of the event, for later ones to name as their cause
 */
export function tellCommand<T extends CommandEventType>(
  state: Pick<StateDirectory, 'path'>,
  type: T,
  facts: EventFacts[T],
  cause?: string,
): string {
  // Several processes tell under this name, perhaps since the same millisecond.
  lines ??= new EventLines('onebox', machineTimes(), `${Date.now().toString(36)}-${process.pid}`);
  const { id, text } = lines.next(type, facts, cause);
  try {
    append(commandLogDirectory(state), text);
  } catch {
    // The disk is full, or the cluster was deleted meanwhile.
  }
  return id;
}

/** Opened each time: another process may have rotated it. */
function append(directory: string, line: string): void {
  try {
    // Without its parents: a directory that was deleted must not come back.
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const file = new EventFile(directory);
  try {
    if (file.isFull) rotateAlone(directory, file);
    file.append(`${line}\n`);
  } finally {
    file.close();
  }
}

/** Exists while a command rotates. */
const ROTATING = 'events.rotating';
/** Rotating takes a millisecond: one that was killed meanwhile left it behind. */
const LEFT_BEHIND_AFTER_MS = 10_000;

/** Rotates, unless another process does so at this moment: then the line stands at the end of the full file, which is no harm. */
function rotateAlone(directory: string, file: EventFile): void {
  const path = join(directory, ROTATING);
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    // The next one rotates.
    if (Date.now() - since > LEFT_BEHIND_AFTER_MS) rmSync(path, { force: true });
    return;
  }
  try {
    file.rotate();
  } finally {
    rmSync(path, { force: true });
  }
}

/** What a command that changes a cluster tells: `onebox kill replica1`. */
export function commandFacts(verb: string, instance: string | null = null): EventFacts['command'] {
  return { verb, instance, text: ['onebox', verb, ...(instance === null ? [] : [instance])].join(' ') };
}
