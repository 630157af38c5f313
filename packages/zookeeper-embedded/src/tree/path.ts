/** What no path may contain: control and unassigned characters, surrogates, empty names, `.` and `..` (PathUtils.validatePath). */
const INVALID = /[\0-\x1f\x7f-\x9f\ud800-\uf8ff\ufff0-\uffff]|\/\/|\/\.\.?(?:\/|$)/;

/** Whether a node may have this path. */
export function isValidPath(path: string | null): path is string {
  if (path === null || path.charCodeAt(0) !== 0x2f) return false;
  if (path.length === 1) return true;
  return path.charCodeAt(path.length - 1) !== 0x2f && !INVALID.test(path);
}

/** The parent's path, where `''` is the root; undefined when the text has none. */
export function parentOf(path: string): string | undefined {
  const slash = path.lastIndexOf('/');
  return slash === -1 || path.includes('\0') ? undefined : path.slice(0, slash);
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export const SYSTEM = '/zookeeper';
export const QUOTA = '/zookeeper/quota';
export const CONFIG = '/zookeeper/config';

/** Nodes that a server has of itself and that cannot be deleted. */
export function isSystemPath(path: string): boolean {
  return path === '/' || path === SYSTEM || path === QUOTA || path === CONFIG;
}
