import { BlockError } from './block-error';

/** Longer ones no operating system takes; here they could hide in slashes and dots, and would be stored as they are. */
const LONGEST_PATH = 4096;

/**
 * The parts of a path below a provider's root: none for the root itself. Doubled slashes and `.` mean nothing; what could
 * lead out of the root is refused, not resolved (`a/../b` as well): such paths come over HTTP and RPC.
 *
 * @throws BlockError ERR_INVALID_PARAMETERS
 */
export function blockPathParts(path: string): string[] {
  const refuse = (why: string) =>
    new BlockError('ERR_INVALID_PARAMETERS', `path ${JSON.stringify(path.slice(0, 200))} ${why}`, {
      data: { path },
    });
  if (path.includes('\0')) throw refuse('holds a NUL');
  if (path.length > LONGEST_PATH) throw refuse('is too long');
  if (path.startsWith('/')) throw refuse("is absolute; paths are relative to the block service's root");
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw refuse("leaves the block service's root");
  return parts;
}

/**
 * Joins parts that are each a path of their own; an empty part adds nothing. A slash in front means nothing either: upstream
 * puts the path behind the root whatever it begins with.
 */
export function joinBlockPath(...paths: readonly string[]): string {
  return paths
    .filter((path) => path !== '')
    .join('/')
    .replace(/^\/+/, '');
}

/** Whether a text can be the name of one file: not empty, no separator, not `.` or `..`, no NUL. */
export function isFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
}
