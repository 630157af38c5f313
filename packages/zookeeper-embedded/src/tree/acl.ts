import { Perm } from '../wire';
import type { AclEntry } from '../wire/records';

export type AclList = readonly AclEntry[];

const ANYONE = { scheme: 'world', id: 'anyone' };
/** Everything for everybody. */
export const OPEN_ACL: AclList = [{ perms: Perm.all, id: ANYONE }];
/** Reading for everybody. */
export const READ_ACL: AclList = [{ perms: Perm.read, id: ANYONE }];

/**
 * The list as it is stored: without doubles, in order. Undefined when it is none: empty, or with an entry for somebody who
 * would have to prove who he is. This server knows one person: anyone.
 */
export function storedAcl(asked: AclList | null): AclList | undefined {
  if (asked === null || asked.length === 0) return undefined;
  const first = asked[0];
  if (asked.length === 1 && first !== undefined && first.perms === Perm.all && isAnyone(first))
    return OPEN_ACL;
  const stored = new Map<number, AclEntry>();
  for (const entry of asked) {
    if (!isAnyone(entry)) return undefined;
    stored.set(entry.perms, { perms: entry.perms, id: ANYONE });
  }
  return [...stored.values()];
}

/** Whether anybody may do what any of the bits of `perms` stands for. */
export function allows(acl: AclList, perms: number): boolean {
  if (acl === OPEN_ACL) return true;
  return acl.length === 0 || acl.some((entry) => (entry.perms & perms) !== 0);
}

function isAnyone(entry: AclEntry): boolean {
  return entry.id.scheme === 'world' && entry.id.id === 'anyone';
}
