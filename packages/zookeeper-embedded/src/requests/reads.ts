import type { Database } from '../database';
import { allows } from '../tree/acl';
import { Code, JuteError, type JuteReader, OpCode, Perm } from '../wire';
import {
  Acls,
  AddWatchRequest,
  ClientInfos,
  DataResponse,
  PathRequest,
  Paths,
  ReadRequest,
  SetWatches2Request,
  SetWatchesRequest,
  Stat,
  WatcherTypeRequest,
} from '../wire/records';
import { type WatcherType as WatcherKind, type Watcher, WatcherType } from '../watches/watches';
import type { Answer } from './answer';

/** Who asks. */
export interface Reader extends Watcher {
  readonly address: string;
}

export type ReadHandler = (database: Database, from: JuteReader, reader: Reader, sessionId: bigint) => Answer;

/** What a request that changes no node does, by its kind. A request that cannot be read throws JuteError. */
export const READS: ReadonlyMap<number, ReadHandler> = new Map<number, ReadHandler>([
  [
    OpCode.exists,
    ({ tree, watches }, from, reader) => {
      const request = ReadRequest.read(from);
      const path = required(request.path);
      if (path.includes('\0')) return Code.BAD_ARGUMENTS;
      const node = tree.node(path);
      // A watch waits for a node that is not there, too.
      if (request.watch) watches.watchData(path, reader);
      return node === undefined ? Code.NO_NODE : (to) => Stat.write(to, node.stat());
    },
  ],
  [
    OpCode.getData,
    ({ tree, watches }, from, reader) => {
      const request = ReadRequest.read(from);
      const path = required(request.path);
      const node = tree.node(path);
      if (node === undefined) return Code.NO_NODE;
      if (!allows(node.acl, Perm.read)) return Code.NO_AUTH;
      if (request.watch) watches.watchData(path, reader);
      return (to) => DataResponse.write(to, { data: node.data, stat: node.stat() });
    },
  ],
  [
    OpCode.getAcl,
    ({ tree }, from) => {
      const node = tree.node(required(PathRequest.read(from).path));
      if (node === undefined) return Code.NO_NODE;
      if (!allows(node.acl, Perm.read | Perm.admin)) return Code.NO_AUTH;
      return (to) => {
        Acls.write(to, node.acl);
        Stat.write(to, node.stat());
      };
    },
  ],
  [OpCode.getChildren, (database, from, reader) => children(database, from, reader, false)],
  [OpCode.getChildren2, (database, from, reader) => children(database, from, reader, true)],
  [
    OpCode.getAllChildrenNumber,
    ({ tree }, from) => {
      const path = required(PathRequest.read(from).path);
      const node = tree.node(path);
      if (node === undefined) return Code.NO_NODE;
      if (!allows(node.acl, Perm.read)) return Code.NO_AUTH;
      return (to) => to.int(tree.descendantCount(path));
    },
  ],
  [
    OpCode.getEphemerals,
    ({ tree }, from, _reader, sessionId) => {
      const prefix = PathRequest.read(from).path?.trim() ?? '';
      const all = tree.ephemeralsOf(sessionId);
      const chosen = prefix === '' || prefix === '/' ? all : all.filter((path) => path.startsWith(prefix));
      return (to) => Paths.write(to, chosen);
    },
  ],
  [
    OpCode.sync,
    // There is no other server to catch up with.
    (_database, from) => {
      const { path } = PathRequest.read(from);
      return (to) => to.string(path);
    },
  ],
  [
    OpCode.setWatches,
    ({ tree, watches }, from, reader) => {
      const asked = SetWatchesRequest.read(from);
      const earlier = {
        relativeZxid: asked.relativeZxid,
        data: paths(asked.dataWatches),
        exist: paths(asked.existWatches),
        child: paths(asked.childWatches),
        persistent: [],
        recursive: [],
      };
      watches.setAgain(earlier, tree, reader);
      return Code.OK;
    },
  ],
  [
    OpCode.setWatches2,
    ({ tree, watches }, from, reader) => {
      const asked = SetWatches2Request.read(from);
      const earlier = {
        relativeZxid: asked.relativeZxid,
        data: paths(asked.dataWatches),
        exist: paths(asked.existWatches),
        child: paths(asked.childWatches),
        persistent: paths(asked.persistentWatches),
        recursive: paths(asked.persistentRecursiveWatches),
      };
      watches.setAgain(earlier, tree, reader);
      return Code.OK;
    },
  ],
  [
    OpCode.addWatch,
    ({ watches }, from, reader) => {
      const { path, mode } = AddWatchRequest.read(from);
      if (mode !== 0 && mode !== 1) throw new JuteError(`a watch mode of ${mode}`);
      watches.watchAlways(required(path), reader, mode === 0 ? 'persistent' : 'recursive');
      return (to) => to.int(0);
    },
  ],
  [
    OpCode.checkWatches,
    ({ watches }, from) => {
      const request = WatcherTypeRequest.read(from);
      return watches.has(required(request.path), watcherType(request.type)) ? Code.OK : Code.NO_WATCHER;
    },
  ],
  [
    OpCode.removeWatches,
    ({ watches }, from, reader) => {
      const request = WatcherTypeRequest.read(from);
      const removed = watches.remove(required(request.path), watcherType(request.type), reader);
      return removed ? Code.OK : Code.NO_WATCHER;
    },
  ],
  [
    OpCode.whoAmI,
    (_database, _from, reader) => (to) => ClientInfos.write(to, [{ authScheme: 'ip', user: reader.address }]),
  ],
]);

function children({ tree, watches }: Database, from: JuteReader, reader: Reader, withStat: boolean): Answer {
  const request = ReadRequest.read(from);
  const path = required(request.path);
  const node = tree.node(path);
  if (node === undefined) return Code.NO_NODE;
  if (!allows(node.acl, Perm.read)) return Code.NO_AUTH;
  if (request.watch) watches.watchChildren(path, reader);
  return (to) => {
    Paths.write(to, [...(node.children ?? [])]);
    if (withStat) Stat.write(to, node.stat());
  };
}

function required(path: string | null): string {
  if (path === null) throw new JuteError('no path');
  return path;
}

function paths(list: readonly (string | null)[] | null): string[] {
  if (list === null) throw new JuteError('no list');
  return list.map(required);
}

function watcherType(type: number): WatcherKind {
  if (type === WatcherType.children || type === WatcherType.data || type === WatcherType.any) return type;
  throw new JuteError(`a kind of watcher ${type}`);
}
