import { OPEN_ACL } from '../src/tree/acl';
import { DataTree } from '../src/tree/data-tree';
import { type WatchEventType, type Watcher, WatcherType, Watches } from '../src/watches/watches';

const NAMES = { 1: 'created', 2: 'deleted', 3: 'changed', 4: 'children' } as const;

class Ear implements Watcher {
  readonly heard: string[] = [];
  notify(type: WatchEventType, path: string): void {
    this.heard.push(`${NAMES[type]} ${path}`);
  }
}

test('a watch tells once', () => {
  const watches = new Watches();
  const ear = new Ear();
  watches.watchData('/a', ear);
  watches.watchData('/a', ear);
  expect(watches.size).toBe(1);
  watches.created('/a', OPEN_ACL);
  watches.dataChanged('/a', OPEN_ACL);
  expect(ear.heard).toEqual(['created /a']);
  expect(watches.size).toBe(0);
});

test('data and child watches are apart, and a deletion tells whoever has both once', () => {
  const watches = new Watches();
  const both = new Ear();
  const children = new Ear();
  watches.watchData('/a', both);
  watches.watchChildren('/a', both);
  watches.watchChildren('/a', children);
  watches.childrenChanged('/b', OPEN_ACL);
  watches.dataChanged('/b', OPEN_ACL);
  watches.deleted('/a', OPEN_ACL);
  expect([both.heard, children.heard]).toEqual([['deleted /a'], ['deleted /a']]);
  expect(watches.size).toBe(0);
});

test('a watcher that went away is told nothing', () => {
  const watches = new Watches();
  const gone = new Ear();
  const there = new Ear();
  for (const ear of [gone, there]) {
    watches.watchData('/a', ear);
    watches.watchChildren('/a', ear);
    watches.watchAlways('/a/b', ear, 'recursive');
  }
  watches.removeAll(gone);
  expect(watches.size).toBe(4);
  watches.deleted('/a', OPEN_ACL);
  watches.created('/a/b/c', OPEN_ACL);
  expect([gone.heard, there.heard]).toEqual([[], ['deleted /a', 'created /a/b/c']]);
  watches.removeAll(there);
  expect(watches.size).toBe(0);
});

test('a persistent watch stays; a recursive one hears of everything below but of no children that change', () => {
  const watches = new Watches();
  const persistent = new Ear();
  const recursive = new Ear();
  watches.watchAlways('/a', persistent, 'persistent');
  watches.watchAlways('/a', recursive, 'recursive');
  watches.created('/a/b/c', OPEN_ACL);
  watches.childrenChanged('/a/b', OPEN_ACL);
  watches.dataChanged('/a', OPEN_ACL);
  watches.childrenChanged('/a', OPEN_ACL);
  watches.deleted('/a', OPEN_ACL);
  watches.created('/ab', OPEN_ACL);
  expect(persistent.heard).toEqual(['changed /a', 'children /a', 'deleted /a']);
  expect(recursive.heard).toEqual(['created /a/b/c', 'changed /a', 'deleted /a']);
  watches.watchAlways('/', recursive, 'recursive');
  watches.created('/ab', OPEN_ACL);
  expect(recursive.heard.at(-1)).toBe('created /ab');
});

test('a watch is removed by its kind', () => {
  const watches = new Watches();
  const ear = new Ear();
  watches.watchData('/a', ear);
  watches.watchChildren('/a', ear);
  expect(watches.has('/a', WatcherType.data)).toBe(true);
  expect(watches.remove('/a', WatcherType.data, ear)).toBe(true);
  expect(watches.remove('/a', WatcherType.data, ear)).toBe(false);
  expect(watches.has('/a', WatcherType.data)).toBe(false);
  expect(watches.has('/a', WatcherType.any)).toBe(true);
  expect(watches.remove('/a', WatcherType.any, ear)).toBe(true);
  expect(watches.size).toBe(0);
});

test('watches that are set again tell at once what was missed', () => {
  const watches = new Watches();
  const tree = new DataTree(watches);
  const at = (zxid: number) => ({ sessionId: 1n, cxid: 0, zxid, time: zxid });
  const node = { data: null, acl: [], owner: 0n } as const;
  tree.apply(at(1), { type: 'create', path: '/old', parentCversion: 1, ...node });
  tree.apply(at(2), { type: 'create', path: '/set', parentCversion: 2, ...node });
  tree.apply(at(3), { type: 'create', path: '/parent', parentCversion: 3, ...node });
  tree.apply(at(4), { type: 'setData', path: '/set', data: null, version: 1 });
  tree.apply(at(5), { type: 'create', path: '/parent/child', parentCversion: 1, ...node });
  const ear = new Ear();
  watches.setAgain(
    {
      relativeZxid: 3,
      data: ['/old', '/set', '/gone'],
      exist: ['/old', '/never'],
      child: ['/old', '/parent', '/gone'],
      persistent: [],
      recursive: [],
    },
    tree,
    ear,
  );
  expect(ear.heard).toEqual([
    'changed /set',
    'deleted /gone',
    'created /old',
    'children /parent',
    'deleted /gone',
  ]);
  expect(watches.size).toBe(3); // data of /old and /never, children of /old
  tree.apply(at(6), { type: 'create', path: '/never', parentCversion: 4, ...node });
  expect(ear.heard.at(-1)).toBe('created /never');
});

test('nobody is told of a node that nobody may read, and the watch is used up', () => {
  const watches = new Watches();
  const ear = new Ear();
  watches.watchData('/a', ear);
  watches.created('/a', [{ perms: 30, id: { scheme: 'world', id: 'anyone' } }]);
  expect(ear.heard).toEqual([]);
  expect(watches.size).toBe(0);
});
