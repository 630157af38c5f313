import type { StatValue } from '../wire/records';
import type { AclList } from './acl';

/** The owner of a node that nobody owns. */
export const NOBODY = 0n;
/** Stands for an owner where a node is a container (EphemeralType.CONTAINER_EPHEMERAL_OWNER). */
export const CONTAINER = -(1n << 63n);

/** What a request is judged by, of a node that exists. */
export interface NodeFacts {
  readonly version: number;
  readonly aversion: number;
  /** How many children were ever created. */
  readonly cversion: number;
  readonly childCount: number;
  readonly owner: bigint;
  readonly acl: AclList;
}

/** What a node has besides its children. */
export interface NodeState {
  data: Buffer | null;
  acl: AclList;
  czxid: number;
  mzxid: number;
  pzxid: number;
  ctime: number;
  mtime: number;
  version: number;
  cversion: number;
  aversion: number;
  owner: bigint;
}

/** One node of the tree. Zxids and times (unix milliseconds) are exact numbers: they stay below 2^53. */
export class Node implements NodeState, NodeFacts {
  data: Buffer | null;
  acl: AclList;
  czxid: number;
  mzxid: number;
  pzxid: number;
  ctime: number;
  mtime: number;
  version: number;
  cversion: number;
  aversion: number;
  owner: bigint;
  /** Names of the children; most nodes have none. */
  children: Set<string> | undefined = undefined;

  constructor(state: NodeState) {
    this.data = state.data;
    this.acl = state.acl;
    this.czxid = state.czxid;
    this.mzxid = state.mzxid;
    this.pzxid = state.pzxid;
    this.ctime = state.ctime;
    this.mtime = state.mtime;
    this.version = state.version;
    this.cversion = state.cversion;
    this.aversion = state.aversion;
    this.owner = state.owner;
  }

  get childCount(): number {
    return this.children === undefined ? 0 : this.children.size;
  }

  /**
   * The stat as clients see it. They are shown changes of the children, where the node counts creations: every creation
   * had a deletion but for the children that are still there.
   */
  stat(): StatValue {
    const numChildren = this.childCount;
    return {
      czxid: this.czxid,
      mzxid: this.mzxid,
      ctime: this.ctime,
      mtime: this.mtime,
      version: this.version,
      cversion: this.cversion * 2 - numChildren,
      aversion: this.aversion,
      ephemeralOwner: this.owner === CONTAINER ? NOBODY : this.owner,
      dataLength: this.data === null ? 0 : this.data.length,
      numChildren,
      pzxid: this.pzxid,
    };
  }
}

/** A node that was there before the first transaction. */
export function systemNode(acl: AclList, aversion = 0): Node {
  return new Node({
    data: Buffer.alloc(0),
    acl,
    czxid: 0,
    mzxid: 0,
    pzxid: 0,
    ctime: 0,
    mtime: 0,
    version: 0,
    cversion: 0,
    aversion,
    owner: NOBODY,
  });
}
