import { JuteWriter } from './jute';

export const OPCODE = {
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getACL: 6,
  setACL: 7,
  getChildren: 8,
  sync: 9,
  ping: 11,
  getChildren2: 12,
  check: 13,
  multi: 14,
  create2: 15,
  reconfig: 16,
  checkWatches: 17,
  removeWatches: 18,
  createContainer: 19,
  createTTL: 21,
  multiRead: 22,
  auth: 100,
  setWatches: 101,
  getEphemerals: 103,
  getAllChildrenNumber: 104,
  setWatches2: 105,
  addWatch: 106,
  whoAmI: 107,
  close: -11,
} as const;

/** Xids that mean something by themselves. */
export const XID = { event: -1, ping: -2, auth: -4, setWatches: -8 } as const;

export const ERR = { unimplemented: -6, authFailed: -115 } as const;

/** A znode's content, short to print: null, a text, or so many bytes. */
export type Content = null | string | number;

export interface Acl {
  readonly perms: number;
  readonly scheme: string | null;
  readonly id: string | null;
}

type Path = string | null;
type CreateType = 'create' | 'create2' | 'createContainer' | 'createTTL';

/** What may stand in a multi, too. */
export type SubOperation =
  | {
      readonly op: CreateType;
      readonly path: Path;
      readonly data: Content;
      readonly acl: readonly Acl[] | null;
      readonly flags: number;
      readonly ttl?: number;
    }
  | { readonly op: 'delete' | 'check'; readonly path: Path; readonly version: number }
  | { readonly op: 'setData'; readonly path: Path; readonly data: Content; readonly version: number }
  | { readonly op: 'getData' | 'getChildren'; readonly path: Path; readonly watch: boolean };

/** A request, as plain data: a script of them can be printed, shortened and sent again. */
export type Operation =
  | SubOperation
  | { readonly op: 'exists' | 'getChildren2'; readonly path: Path; readonly watch: boolean }
  | { readonly op: 'getACL' | 'sync' | 'getAllChildrenNumber' | 'getEphemerals'; readonly path: Path }
  | {
      readonly op: 'setACL';
      readonly path: Path;
      readonly acl: readonly Acl[] | null;
      readonly version: number;
    }
  | { readonly op: 'multi' | 'multiRead'; readonly ops: readonly SubOperation[] }
  | {
      readonly op: 'setWatches' | 'setWatches2';
      /** How far behind the newest zxid that this client has seen. */
      readonly behind: number;
      readonly data: readonly string[];
      readonly exist: readonly string[];
      readonly child: readonly string[];
      readonly persistent?: readonly string[];
      readonly recursive?: readonly string[];
    }
  | { readonly op: 'addWatch' | 'checkWatches' | 'removeWatches'; readonly path: Path; readonly mode: number }
  | { readonly op: 'auth'; readonly scheme: string; readonly auth: string }
  | { readonly op: 'ping' | 'whoAmI' | 'close' }
  /** Any opcode with any body. `xid` and `type` of the header are whole. */
  | { readonly op: 'raw'; readonly type: number; readonly hex: string }
  /** A frame that is not even a request. */
  | { readonly op: 'bytes'; readonly hex: string };

export function contentBytes(data: Content): Buffer | null {
  if (data === null) return null;
  return typeof data === 'number' ? Buffer.alloc(data, 0x61) : Buffer.from(data);
}

function writeAcl(writer: JuteWriter, acl: readonly Acl[] | null): void {
  writer.vector(acl, ({ perms, scheme, id }) => writer.int(perms).string(scheme).string(id));
}

function writeBody(writer: JuteWriter, operation: Operation, seenZxid: bigint): void {
  switch (operation.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      writer.string(operation.path).buffer(contentBytes(operation.data));
      writeAcl(writer, operation.acl);
      writer.int(operation.flags);
      if (operation.op === 'createTTL') writer.long(BigInt(operation.ttl ?? 0));
      return;
    case 'delete':
    case 'check':
      writer.string(operation.path).int(operation.version);
      return;
    case 'setData':
      writer.string(operation.path).buffer(contentBytes(operation.data)).int(operation.version);
      return;
    case 'exists':
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
      writer.string(operation.path).bool(operation.watch);
      return;
    case 'getACL':
    case 'sync':
    case 'getAllChildrenNumber':
    case 'getEphemerals':
      writer.string(operation.path);
      return;
    case 'setACL':
      writer.string(operation.path);
      writeAcl(writer, operation.acl);
      writer.int(operation.version);
      return;
    case 'multi':
    case 'multiRead':
      for (const sub of operation.ops) {
        writer.int(OPCODE[sub.op]).bool(false).int(-1);
        writeBody(writer, sub, seenZxid);
      }
      writer.int(-1).bool(true).int(-1);
      return;
    case 'setWatches':
    case 'setWatches2': {
      const { data, exist, child, persistent = [], recursive = [] } = operation;
      const lists = operation.op === 'setWatches' ? [] : [persistent, recursive];
      writer.long(seenZxid - BigInt(operation.behind));
      for (const list of [data, exist, child, ...lists]) writer.vector(list, (path) => writer.string(path));
      return;
    }
    case 'addWatch':
    case 'checkWatches':
    case 'removeWatches':
      writer.string(operation.path).int(operation.mode);
      return;
    case 'auth':
      writer.int(0).string(operation.scheme).buffer(Buffer.from(operation.auth));
      return;
    case 'raw':
      writer.raw(Buffer.from(operation.hex, 'hex'));
      return;
    case 'ping':
    case 'whoAmI':
    case 'close':
    case 'bytes':
      return;
  }
}

/** The xid that a client gives a request. */
export function xidOf(operation: Operation, next: () => number): number {
  if (operation.op === 'ping') return XID.ping;
  if (operation.op === 'auth') return XID.auth;
  if (operation.op === 'setWatches' || operation.op === 'setWatches2') return XID.setWatches;
  return next();
}

/** The whole frame of a request. `seenZxid` is what relative zxids are relative to. */
export function requestFrame(operation: Operation, xid: number, seenZxid: bigint): Buffer {
  if (operation.op === 'bytes') return Buffer.from(operation.hex, 'hex');
  const writer = new JuteWriter().int(xid);
  writer.int(operation.op === 'raw' ? operation.type : OPCODE[operation.op]);
  writeBody(writer, operation, seenZxid);
  return writer.frame();
}
