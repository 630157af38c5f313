import { type ValueOf, bigLong, boolean, buffer, int, long, record, ustring, vector } from './schema';

// The records of the client protocol, with the names of zookeeper.jute.

export const Id = record({ scheme: ustring, id: ustring });
export const Acl = record({ perms: int, id: Id });
export type AclEntry = ValueOf<typeof Acl>;
export const Acls = vector(Acl);

export const Stat = record({
  czxid: long,
  mzxid: long,
  ctime: long,
  mtime: long,
  version: int,
  cversion: int,
  aversion: int,
  ephemeralOwner: bigLong,
  dataLength: int,
  numChildren: int,
  pzxid: long,
});
export type StatValue = ValueOf<typeof Stat>;

/** Clients since 3.4 add a boolean, `readOnly`, which is read apart. */
export const ConnectRequest = record({
  protocolVersion: int,
  lastZxidSeen: long,
  timeOut: int,
  sessionId: bigLong,
  passwd: buffer,
});
export const ConnectResponse = record({
  protocolVersion: int,
  timeOut: int,
  sessionId: bigLong,
  passwd: buffer,
});
export const RequestHeader = record({ xid: int, type: int });
export const ReplyHeader = record({ xid: int, zxid: long, err: int });
export const MultiHeader = record({ type: int, done: boolean, err: int });
export const AuthPacket = record({ type: int, scheme: ustring, auth: buffer });
export const WatcherEvent = record({ type: int, state: int, path: ustring });

export const CreateRequest = record({ path: ustring, data: buffer, acl: Acls, flags: int });
export const CreateTtlRequest = record({ path: ustring, data: buffer, acl: Acls, flags: int, ttl: long });
export const DeleteRequest = record({ path: ustring, version: int });
export const SetDataRequest = record({ path: ustring, data: buffer, version: int });
export const SetAclRequest = record({ path: ustring, acl: Acls, version: int });
export const CheckVersionRequest = record({ path: ustring, version: int });
export const ReconfigRequest = record({
  joiningServers: ustring,
  leavingServers: ustring,
  newMembers: ustring,
  curConfigId: long,
});

/** exists, getData, getChildren, getChildren2. */
export const ReadRequest = record({ path: ustring, watch: boolean });
/** sync, getACL, getAllChildrenNumber, getEphemerals. */
export const PathRequest = record({ path: ustring });
export const SetWatchesRequest = record({
  relativeZxid: long,
  dataWatches: vector(ustring),
  existWatches: vector(ustring),
  childWatches: vector(ustring),
});
export const SetWatches2Request = record({
  relativeZxid: long,
  dataWatches: vector(ustring),
  existWatches: vector(ustring),
  childWatches: vector(ustring),
  persistentWatches: vector(ustring),
  persistentRecursiveWatches: vector(ustring),
});
export const AddWatchRequest = record({ path: ustring, mode: int });
/** checkWatches, removeWatches. */
export const WatcherTypeRequest = record({ path: ustring, type: int });

export const DataResponse = record({ data: buffer, stat: Stat });
export const Paths = vector(ustring);
export const ClientInfos = vector(record({ authScheme: ustring, user: ustring }));
