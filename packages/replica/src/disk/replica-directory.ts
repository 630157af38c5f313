import { OneboxError, gpidText } from '@onebox/base';
import type { Gpid } from '@onebox/base';

/** The name of a replica's directory: `<app_id>.<pidx>.pegasus`; the last part is the table's type. */
export function replicaDirectoryName(gpid: Gpid, appType: string): string {
  // Both come over the wire, and become part of a path.
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(appType) || gpid.appId < 1 || gpid.partitionIndex < 0) {
    throw new OneboxError(
      'ONEBOX_BAD_REPLICA_NAME',
      `no directory for replica ${gpidText(gpid)}.${appType}`,
      {
        data: { gpid, appType },
      },
    );
  }
  return `${gpidText(gpid)}.${appType}`;
}

/** What a directory below `reps` is, by its name. */
export type DirectoryKind =
  | { readonly kind: 'replica'; readonly gpid: Gpid; readonly appType: string }
  /** Set aside at a time in unix ms: `gar` was no longer wanted, `err` was broken. */
  | { readonly kind: 'gar' | 'err'; readonly sinceMs: number }
  | { readonly kind: 'foreign' };

const REPLICA = /^([1-9]\d{0,9})\.(\d{1,9})\.([A-Za-z0-9_-]{1,32})$/;
const SET_ASIDE = /^\d+\.\d+\.[A-Za-z0-9_-]+\.(\d{16})\.(gar|err)$/;

export function directoryKind(name: string): DirectoryKind {
  const aside = SET_ASIDE.exec(name);
  if (aside !== null) {
    return { kind: aside[2] === 'gar' ? 'gar' : 'err', sinceMs: Math.floor(Number(aside[1]) / 1000) };
  }
  const replica = REPLICA.exec(name);
  if (replica === null) return { kind: 'foreign' };
  const [, appId, partitionIndex, appType] = replica;
  return {
    kind: 'replica',
    gpid: { appId: Number(appId), partitionIndex: Number(partitionIndex) },
    appType: appType ?? '',
  };
}

/** The name under which a directory is set aside, as upstream: the time in microseconds, and why. */
export function asideName(name: string, kind: 'gar' | 'err', unixMs: number): string {
  return `${name}.${Math.floor(unixMs) * 1000}.${kind}`;
}
