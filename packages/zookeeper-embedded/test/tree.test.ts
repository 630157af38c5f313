import { isValidPath } from '../src/tree/path';
import type { AclEntry } from '../src/wire/records';
import { OPEN } from './support/requests';
import { TestTree, check, create, createContainer, remove, setAcl, setData } from './support/test-tree';

// What each of these gives was asked of Apache ZooKeeper 3.8.0.

const READ_ONLY: AclEntry[] = [{ perms: 1, id: { scheme: 'world', id: 'anyone' } }];

describe('a new tree', () => {
  test('has the nodes a server has of itself', () => {
    const { tree } = new TestTree();
    const bare = { czxid: 0, mzxid: 0, pzxid: 0, ctime: 0, mtime: 0, version: 0, ephemeralOwner: 0n };
    expect([...tree.entries()].map(([path, node]) => [path, node.stat()])).toEqual([
      ['', { ...bare, cversion: -1, aversion: 0, dataLength: 0, numChildren: 1 }],
      ['/zookeeper', { ...bare, cversion: -2, aversion: 0, dataLength: 0, numChildren: 2 }],
      ['/zookeeper/quota', { ...bare, cversion: 0, aversion: 0, dataLength: 0, numChildren: 0 }],
      ['/zookeeper/config', { ...bare, cversion: 0, aversion: -1, dataLength: 0, numChildren: 0 }],
    ]);
    expect([tree.nodeCount, tree.descendantCount('/'), tree.descendantCount('/zookeeper')]).toEqual([
      5, 3, 2,
    ]);
    expect(tree.node('/')).toBe(tree.node(''));
  });

  test('does not let go of them, nor of its configuration', () => {
    const all = new TestTree();
    for (const path of ['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config']) {
      expect(all.do(remove(path))).toBe('BAD_ARGUMENTS');
    }
    expect(all.do(setData('/zookeeper/config', 'x'))).toBe('NO_AUTH');
    expect(all.do(create('/zookeeper/quota/a'))).toBe('/zookeeper/quota/a');
  });
});

describe('creating', () => {
  test('sets every field of the stat, and the parent counts it', () => {
    const all = new TestTree();
    all.do(create('/a'));
    all.do(create('/a/b', 1), 0x1234n);
    expect(all.stat('/a/b')).toEqual({
      czxid: 2,
      mzxid: 2,
      pzxid: 2,
      ctime: 1002,
      mtime: 1002,
      version: 0,
      cversion: 0,
      aversion: 0,
      ephemeralOwner: 0x1234n,
      dataLength: 4,
      numChildren: 0,
    });
    expect(all.stat('/a')).toMatchObject({ czxid: 1, mzxid: 1, pzxid: 2, cversion: 1, numChildren: 1 });
    expect(all.stat('/')).toMatchObject({ mzxid: 0, pzxid: 1, cversion: 0, numChildren: 2 });
  });

  test("numbers sequential nodes by the parent's creations, deleted ones included", () => {
    const all = new TestTree();
    all.do(create('/q'));
    expect(all.do(create('/q/n-', 2))).toBe('/q/n-0000000000');
    expect(all.do(create('/q/other'))).toBe('/q/other');
    expect(all.do(create('/q/n-', 3))).toBe('/q/n-0000000002');
    expect(all.do(remove('/q/n-0000000002'))).toBe('done');
    expect(all.do(create('/q/n-', 2))).toBe('/q/n-0000000003');
    expect(all.do(create('/q/', 2))).toBe('/q/0000000004');
    // Four more creations than -1 says, of which one is gone again.
    expect(all.stat('/q')).toMatchObject({ cversion: 6, numChildren: 4 });
  });

  test.each<[why: string, op: Parameters<TestTree['do']>[0], error: string]>([
    ['it is there', create('/a'), 'NODE_EXISTS'],
    ['the root is there', create('/'), 'NODE_EXISTS'],
    ['it has no parent', create('/none/x'), 'NO_NODE'],
    ['its parent is ephemeral', create('/e/x'), 'NO_CHILDREN_FOR_EPHEMERALS'],
    ['the path is empty', create(''), 'BAD_ARGUMENTS'],
    ['the path has no slash', create('abc'), 'BAD_ARGUMENTS'],
    ['the path ends with a slash', create('/a/'), 'BAD_ARGUMENTS'],
    ['a name is empty', create('//x'), 'BAD_ARGUMENTS'],
    ['a name is empty, and there is no such parent', create('/a//b'), 'NO_NODE'],
    ['a name is ..', create('/a/..'), 'BAD_ARGUMENTS'],
    ['a name has a control character', create('/a/\x01'), 'BAD_ARGUMENTS'],
    ['a name is beyond the basic plane', create('/a/😀'), 'BAD_ARGUMENTS'],
    ['there is no path', create(null), 'MARSHALLING_ERROR'],
    ['there is no access list', create('/x', 0, null), 'INVALID_ACL'],
    ['the access list is empty', create('/x', 0, []), 'INVALID_ACL'],
    [
      'the access list names somebody',
      create('/x', 0, [{ perms: 31, id: { scheme: 'digest', id: 'u:p' } }]),
      'INVALID_ACL',
    ],
    ['nobody may create there', create('/ro/x'), 'NO_AUTH'],
    ['flags are none', create('/x', 7), 'BAD_ARGUMENTS'],
    ['flags are none', create('/x', -1), 'BAD_ARGUMENTS'],
    ['a TTL is not switched on', create('/x', 5), 'UNIMPLEMENTED'],
  ])('fails when %s', (_why, op, error) => {
    const all = new TestTree();
    for (const made of [create('/a'), create('/e', 1), create('/ro', 0, READ_ONLY)]) all.do(made);
    const before = all.tree.nodeCount;
    expect(all.do(op)).toBe(error);
    expect(all.tree.nodeCount).toBe(before);
  });

  test('a container is one by the kind of the request, not by flags', () => {
    const all = new TestTree();
    all.do(create('/plain', 4));
    all.do(createContainer('/c'));
    all.do(create('/c/child'));
    expect([...all.tree.containers()]).toEqual(['/c']);
    expect(all.stat('/c')).toMatchObject({ ephemeralOwner: 0n, numChildren: 1 });
  });
});

test('deleting takes the version, spares parents, and moves only pzxid of the parent', () => {
  const all = new TestTree();
  for (const path of ['/a', '/a/b']) all.do(create(path));
  all.do(setData('/a/b', 'x'));
  expect(all.do(remove('/a'))).toBe('NOT_EMPTY');
  expect(all.do(remove('/a/b', 0))).toBe('BAD_VERSION');
  expect(all.do(remove('/a/b', 1))).toBe('done');
  expect(all.do(remove('/a/b', 1))).toBe('NO_NODE');
  expect(all.do(remove(null))).toBe('MARSHALLING_ERROR');
  expect(all.do(remove('b'))).toBe('BAD_ARGUMENTS');
  expect(all.stat('/a')).toMatchObject({ pzxid: 6, cversion: 2, numChildren: 0 });
});

test('setting data counts versions', () => {
  const all = new TestTree();
  all.do(create('/a'));
  expect(all.do(setData('/a', 'one', 0))).toBe(1);
  expect(all.do(setData('/a', 'two', 0))).toBe('BAD_VERSION');
  expect(all.do(setData('/a', 'three'))).toBe(2);
  expect(all.do(setData('/none', 'x', 7))).toBe('NO_NODE');
  expect(all.do(setData('/a/', 'x'))).toBe('BAD_ARGUMENTS');
  expect(all.do(setData(null, 'x'))).toBe('BAD_ARGUMENTS');
  expect(all.stat('/a')).toMatchObject({ version: 2, czxid: 1, mzxid: 4, mtime: 1004, dataLength: 5 });
});

test('an access list holds for anybody, and for its own change', () => {
  const all = new TestTree();
  all.do(create('/a'));
  expect(all.do(setAcl('/a', [...OPEN, ...OPEN], 0))).toBe(1);
  expect(all.tree.node('/a')?.acl).toEqual(OPEN);
  expect(all.do(setAcl('/a', []))).toBe('INVALID_ACL');
  expect(all.do(setAcl('/a', READ_ONLY, 5))).toBe('BAD_VERSION');
  expect(all.do(setAcl('/none', READ_ONLY))).toBe('NO_NODE');
  expect(all.do(setAcl('/a', READ_ONLY))).toBe(2);
  expect(all.do(setAcl('/a', OPEN))).toBe('NO_AUTH');
  expect(all.do(setData('/a', 'x'))).toBe('NO_AUTH');
  expect(all.do(create('/a/b'))).toBe('NO_AUTH');
  // Deleting is a matter of the parent's list.
  expect(all.do(remove('/a'))).toBe('done');
});

describe('a multi', () => {
  test('sees what its parts did before', () => {
    const all = new TestTree();
    expect(
      all.multi(
        create('/m'),
        create('/m/s-', 2),
        create('/m/s-', 2),
        setData('/m', 'x', 0),
        check('/m', 1),
        remove('/m/s-0000000000'),
        create('/m/s-', 2),
      ),
    ).toEqual(['/m', '/m/s-0000000000', '/m/s-0000000001', 1, 'done', 'done', '/m/s-0000000002']);
    expect(all.stat('/m')).toMatchObject({ czxid: 1, pzxid: 1, version: 1, cversion: 4, numChildren: 2 });
  });

  test('may delete and make again', () => {
    const all = new TestTree();
    all.do(create('/m'));
    all.do(setData('/m', 'x'));
    expect(all.multi(remove('/m', 1), create('/m'), check('/m', 0))).toEqual(['done', '/m', 'done']);
    expect(all.multi(remove('/m'), setData('/m', 'x'))).toEqual(['OK', 'NO_NODE']);
    expect(all.stat('/m')).toMatchObject({ czxid: 3, version: 0 });
  });

  test('happens whole or not at all', () => {
    const all = new TestTree();
    all.do(create('/m'));
    all.told.length = 0;
    expect(all.multi(create('/a'), setData('/m', 'x', 5), create('/b'))).toEqual([
      'OK',
      'BAD_VERSION',
      'RUNTIME_INCONSISTENCY',
    ]);
    expect([all.stat('/a'), all.told]).toEqual([undefined, []]);
    // The sequence was not used up either.
    expect(all.do(create('/s-', 2))).toBe('/s-0000000001');
  });

  test('without parts does nothing', () => {
    expect(new TestTree().multi()).toEqual([]);
  });
});

test("the nodes of a session go with it, and nobody else's", () => {
  const all = new TestTree();
  all.do(create('/a', 1), 1n);
  all.do(create('/b', 1), 2n);
  all.do(create('/c', 3), 1n);
  expect(all.tree.ephemeralCount).toBe(3);
  all.told.length = 0;
  all.closeSession(1n);
  expect(all.told).toEqual(['deleted /a', 'children /', 'deleted /c0000000002', 'children /']);
  expect([all.tree.ephemeralsOf(1n), all.tree.ephemeralsOf(2n)]).toEqual([[], ['/b']]);
  expect(all.stat('/')).toMatchObject({ pzxid: 4, numChildren: 2 });
});

test('the size follows what is there', () => {
  const all = new TestTree();
  const empty = all.tree.approximateDataSize;
  all.do(create('/a'));
  expect(all.tree.approximateDataSize).toBe(empty + 2 + 4);
  all.do(setData('/a', 'much longer'));
  expect(all.tree.approximateDataSize).toBe(empty + 2 + 11);
  all.do(remove('/a'));
  expect(all.tree.approximateDataSize).toBe(empty);
});

test('which paths are paths', () => {
  const valid = ['/', '/a', '/a/...', '/a/.b', '/a/b..', '/é', '/\u3042', '/a b', '/\uf900'];
  const invalid = ['', 'a', '/a/', '//', '/a//b', '/.', '/..', '/a/./b', '/a/..', '/\0', '/\x1f', '/\x7f'];
  const beyond = ['/\x9f', '/\ud800', '/\uf8ff', '/\ufff0', '/\uffff', null];
  expect(valid.filter((path) => !isValidPath(path))).toEqual([]);
  expect([...invalid, ...beyond].filter((path) => isValidPath(path))).toEqual([]);
});
