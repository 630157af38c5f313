import { type AclList, OPEN_ACL, READ_ACL } from './acl';
import { CONTAINER, NOBODY, Node, type NodeState, systemNode } from './node';
import { CONFIG, QUOTA, SYSTEM, nameOf } from './path';
import type { CloseSessionTxn, CreateTxn, SetAclTxn, SetDataTxn, SingleTxn, TxnHeader } from './txn';

/** Who is told of changes, in the order in which watchers are, and who may read the node that changed. */
export interface TreeListener {
  created(path: string, acl: AclList): void;
  deleted(path: string, acl: AclList): void;
  dataChanged(path: string, acl: AclList): void;
  childrenChanged(path: string, acl: AclList): void;
}

/**
 * The nodes, by path, and how transactions change them. Knows nothing of sockets, clocks and files.
 *
 * A transaction was judged before it comes here (`prepare.ts`); what it needs and is not there can only be missing while a
 * journal is replayed over a snapshot that already has later changes, and is passed over: the entry that removed it follows.
 */
export class DataTree {
  /** A parent always stands before its children. The root has two names, as in ZooKeeper. */
  private readonly nodes = new Map<string, Node>();
  private readonly root = systemNode(OPEN_ACL);
  private readonly owned = new Map<bigint, Set<string>>();
  private readonly containerPaths = new Set<string>();
  private dataBytes = 1;

  constructor(private readonly listener: TreeListener) {
    this.nodes.set('', this.root);
    this.nodes.set('/', this.root);
    this.put(SYSTEM, systemNode(OPEN_ACL));
    this.put(QUOTA, systemNode(OPEN_ACL));
    this.put(CONFIG, systemNode(READ_ACL, -1));
  }

  node(path: string): Node | undefined {
    return this.nodes.get(path);
  }

  /** As `mntr` counts: the root has two names. */
  get nodeCount(): number {
    return this.nodes.size;
  }

  get ephemeralCount(): number {
    let count = 0;
    for (const paths of this.owned.values()) count += paths.size;
    return count;
  }

  /** Characters of all paths and bytes of all data. */
  get approximateDataSize(): number {
    return this.dataBytes;
  }

  /** Paths of the nodes that go with a session, in the order of their creation. */
  ephemeralsOf(sessionId: bigint): readonly string[] {
    return [...(this.owned.get(sessionId) ?? [])];
  }

  containers(): Iterable<string> {
    return this.containerPaths;
  }

  /** All nodes but the root's second name; a parent comes before its children. Changes meanwhile are seen or not. */
  *entries(): Generator<readonly [string, Node]> {
    for (const entry of this.nodes) if (entry[0] !== '/') yield entry;
  }

  /** How many nodes are below a path. */
  descendantCount(path: string): number {
    if (path === '/') return this.nodes.size - 2;
    let count = 0;
    for (const one of this.nodes.keys()) if (one.startsWith(`${path}/`)) count += 1;
    return count;
  }

  /** Applies a part of a transaction; gives the node it was about, if that is still there. */
  apply(header: TxnHeader, txn: SingleTxn): Node | undefined {
    switch (txn.type) {
      case 'create':
        return this.create(header, txn);
      case 'delete':
        this.delete(txn.path, header.zxid);
        return undefined;
      case 'setData':
        return this.setData(header, txn);
      case 'setAcl':
        return this.setAcl(txn);
      case 'check':
      case 'error':
        return undefined;
    }
  }

  /** Removes the nodes of a session that ended. */
  closeSession(header: TxnHeader, txn: CloseSessionTxn): void {
    for (const path of txn.paths) this.delete(path, header.zxid);
    this.owned.delete(header.sessionId);
  }

  /** Puts a node that a snapshot holds. Its parent was put before. */
  restore(path: string, state: NodeState): void {
    if (path === '') Object.assign(this.root, state);
    else this.put(path, new Node(state));
  }

  private create(header: TxnHeader, txn: CreateTxn): Node | undefined {
    const parentPath = txn.path.slice(0, txn.path.lastIndexOf('/'));
    const parent = this.nodes.get(parentPath);
    if (parent === undefined) return undefined;
    if (txn.parentCversion > parent.cversion) {
      parent.cversion = txn.parentCversion;
      parent.pzxid = header.zxid;
    }
    const node = new Node({
      data: txn.data,
      acl: txn.acl,
      czxid: header.zxid,
      mzxid: header.zxid,
      pzxid: header.zxid,
      ctime: header.time,
      mtime: header.time,
      version: 0,
      cversion: 0,
      aversion: 0,
      owner: txn.owner,
    });
    this.put(txn.path, node, parent);
    this.listener.created(txn.path, node.acl);
    this.listener.childrenChanged(parentPath === '' ? '/' : parentPath, parent.acl);
    return node;
  }

  private delete(path: string, zxid: number): void {
    const parentPath = path.slice(0, path.lastIndexOf('/'));
    const parent = this.nodes.get(parentPath);
    if (parent !== undefined) {
      parent.children?.delete(nameOf(path));
      if (parent.children?.size === 0) parent.children = undefined;
      if (zxid > parent.pzxid) parent.pzxid = zxid;
    }
    const node = this.nodes.get(path);
    if (node === undefined) return;
    this.nodes.delete(path);
    this.forget(path, node);
    this.listener.deleted(path, node.acl);
    if (parent !== undefined) this.listener.childrenChanged(parentPath === '' ? '/' : parentPath, parent.acl);
  }

  private setData(header: TxnHeader, txn: SetDataTxn): Node | undefined {
    const node = this.nodes.get(txn.path);
    if (node === undefined) return undefined;
    this.dataBytes += sizeOf(txn.data) - sizeOf(node.data);
    node.data = txn.data;
    node.mtime = header.time;
    node.mzxid = header.zxid;
    node.version = txn.version;
    this.listener.dataChanged(txn.path, node.acl);
    return node;
  }

  private setAcl(txn: SetAclTxn): Node | undefined {
    const node = this.nodes.get(txn.path);
    if (node === undefined) return undefined;
    node.acl = txn.acl;
    node.aversion = txn.version;
    return node;
  }

  private put(path: string, node: Node, parent = this.nodes.get(path.slice(0, path.lastIndexOf('/')))): void {
    if (parent === undefined) return;
    const old = this.nodes.get(path);
    if (old !== undefined) {
      // To the end: its parent may have moved there before.
      this.nodes.delete(path);
      this.forget(path, old);
    }
    this.nodes.set(path, node);
    (parent.children ??= new Set()).add(nameOf(path));
    this.dataBytes += path.length + sizeOf(node.data);
    if (node.owner === CONTAINER) this.containerPaths.add(path);
    else if (node.owner !== NOBODY) {
      const paths = this.owned.get(node.owner);
      if (paths === undefined) this.owned.set(node.owner, new Set([path]));
      else paths.add(path);
    }
  }

  private forget(path: string, node: Node): void {
    this.dataBytes -= path.length + sizeOf(node.data);
    if (node.owner === CONTAINER) this.containerPaths.delete(path);
    else if (node.owner !== NOBODY) {
      const paths = this.owned.get(node.owner);
      paths?.delete(path);
      if (paths?.size === 0) this.owned.delete(node.owner);
    }
  }
}

function sizeOf(data: Buffer | null): number {
  return data === null ? 0 : data.length;
}
