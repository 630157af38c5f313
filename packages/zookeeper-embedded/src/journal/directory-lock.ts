import { readFileSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OneboxError, until } from '@onebox/base';

const LOCK = /^lock\.(\d+)-(\d+)$/;
/** How long somebody who came at the same moment, and gives way to us, may take for it. */
const GIVE_WAY_WITHIN_MS = 1000;

export interface Owner {
  readonly pid: number;
  /** When the process started, in clock ticks since boot (proc(5)); 0 where that cannot be asked. */
  readonly startedAt: string;
}

/**
 * Keeps a second server away from a directory. Each server has a file of its own, named after its process, so that the file
 * of a dead one can be deleted without ever hitting one of the living. Of two that come at once the lower name stays.
 *
 * @param isAlive whether that very process runs
 * @throws OneboxError ONEBOX_JOURNAL_LOCKED
 */
export async function lockDirectory(
  directory: string,
  self: Owner = ownerOf(process.pid),
  isAlive: (owner: Owner) => boolean = runs,
): Promise<() => Promise<void>> {
  const own = `lock.${self.pid}-${self.startedAt}`;
  const release = (): Promise<void> => rm(join(directory, own), { force: true });
  try {
    await (await open(join(directory, own), 'wx', 0o600)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw locked(directory, own);
    throw error;
  }
  try {
    const others = await livingOthers(directory, own, isAlive);
    const [first] = others;
    if (first === undefined) return release;
    if (first < own) throw locked(directory, first);
    await until(
      'the other server giving way',
      async () => (await livingOthers(directory, own, isAlive)).length === 0,
      {
        withinMs: GIVE_WAY_WITHIN_MS,
      },
    ).catch(() => {
      throw locked(directory, first);
    });
    return release;
  } catch (error) {
    await release();
    throw error;
  }
}

/** Names of the locks of living servers other than ours; those of dead ones are deleted. */
async function livingOthers(
  directory: string,
  own: string,
  isAlive: (owner: Owner) => boolean,
): Promise<string[]> {
  const living: string[] = [];
  for (const name of await readdir(directory)) {
    const [, pid, startedAt] = LOCK.exec(name) ?? [];
    if (name === own || pid === undefined || startedAt === undefined) continue;
    if (isAlive({ pid: Number(pid), startedAt })) living.push(name);
    else await rm(join(directory, name), { force: true });
  }
  return living.sort();
}

function locked(directory: string, lock: string): OneboxError {
  const pid = Number(LOCK.exec(lock)?.[1]);
  return new OneboxError('ONEBOX_JOURNAL_LOCKED', `process ${pid} has the data in ${directory}`, {
    nextStep: `End it first; if it is no ZooKeeper, delete ${join(directory, lock)}.`,
    data: { directory, pid },
  });
}

function ownerOf(pid: number): Owner {
  return { pid, startedAt: statOf(pid)?.startedAt ?? '0' };
}

function runs({ pid, startedAt }: Owner): boolean {
  const stat = statOf(pid);
  if (stat !== undefined) return stat.startedAt === startedAt && stat.state !== 'Z' && stat.state !== 'X';
  if (startedAt !== '0') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What proc(5) tells of a process; undefined when it is gone, or where there is no procfs. */
function statOf(pid: number): { state: string; startedAt: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program, in parentheses, may hold anything: what follows the last one is split.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, startedAt] = [fields[0], fields[19]];
    return state === undefined || startedAt === undefined ? undefined : { state, startedAt };
  } catch {
    return undefined;
  }
}
