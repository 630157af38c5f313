import type { SeededRandom } from '../../support/seeded-random';
import type { Acl, Content, Operation, SubOperation } from './operations';

const OPEN: readonly Acl[] = [{ perms: 31, scheme: 'world', id: 'anyone' }];
/** For a create that has a time. In a multi, the real server takes any other for one it cannot read, or not, as it comes. */
const TTL_FLAGS = [5, 6] as const;
const NAMES = ['a', 'b', 'c'] as const;
/** The longest frame a server takes by default (jute.maxbuffer). */
const LONGEST_FRAME = 0xfffff;

/** Paths that are refused, or that mean something, or that only look as if they did. */
const ODD_PATHS = [
  ...[
    '',
    '/',
    'a',
    '//',
    '/a/',
    '/a//b',
    '/.',
    '/..',
    '/a/.',
    '/a/../b',
    '/./a',
    '/a.b',
    '/...',
    'a/b',
    ' ',
    '/ ',
  ],
  ...['/zookeeper', '/zookeeper/quota', '/zookeeper/config', '/zookeeper/nothing', '/zookeeper/quota/q'],
  ...[
    '/é',
    '/日本',
    '/a\u0000b',
    '/a\u0001',
    '/\u007f',
    '/\u009f',
    '/\ud7ff',
    '/\uf000',
    '/\ufff0',
    '/\ufffd',
  ],
  ...[`/${'n'.repeat(300)}`, `/${'long/'.repeat(60)}end`],
] as const;

/** Without -10, with which the real server sends a second connect response in the middle of a session. */
const OPCODES_OF_NOBODY = [0, 10, 20, 23, 99, 108, 1000, -1, -2, -12, 2 ** 31 - 1, -(2 ** 31)] as const;

/** Requests below one directory, drawn so that they meet each other: few names, few versions, many watches. */
export class RandomOperations {
  constructor(
    private readonly random: SeededRandom,
    private readonly root: string,
  ) {}

  /** One that any client may send at any time without losing its connection. */
  next(): Operation {
    const { random } = this;
    switch (random.below(24)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        return this.create();
      case 5:
      case 6:
        return { op: 'delete', path: this.path(), version: this.version() };
      case 7:
      case 8:
        return { op: 'setData', path: this.path(), data: this.content(), version: this.version() };
      case 9:
      case 10:
        return { op: 'exists', path: this.path(), watch: this.often() };
      case 11:
      case 12:
        return { op: 'getData', path: this.path(), watch: this.often() };
      case 13:
        return { op: 'getChildren', path: this.path(), watch: this.often() };
      case 14:
      case 15:
        return { op: 'getChildren2', path: this.path(), watch: this.often() };
      case 16:
      case 17:
        return { op: 'multi', ops: this.some(5, () => this.transactional()) };
      case 18:
        return { op: 'multiRead', ops: this.some(4, () => this.readable()) };
      case 19:
        return this.withAcl();
      case 20:
      case 21:
        return this.setWatches(random.below(12));
      case 22:
        return this.aboutWatches();
      default:
        return this.small();
    }
  }

  /** One after which the connection may be gone. */
  dangerous(): Operation {
    const { random } = this;
    switch (random.below(8)) {
      case 0:
        return {
          op: 'raw',
          type: random.pick(OPCODES_OF_NOBODY),
          hex: random.pick(['', '00', '000000012f']),
        };
      case 1: {
        // A body that is not what its opcode says.
        const type = random.pick([
          1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 21, 22, 101, 103, 104, 105, 106, 107,
        ]);
        return { op: 'raw', type, hex: this.bytes(random.below(24)) };
      }
      case 2:
        return {
          op: 'auth',
          scheme: random.pick(['digest', 'world', 'ip', 'sasl', 'x509', 'nobody', '']),
          auth: random.pick(['user:password', 'anyone', '', ':', 'user', '127.0.0.1']),
        };
      case 3:
        return {
          op: 'bytes',
          hex: random.pick(['00000000', '000000020000', 'ffffffff', '7fffffff', '00100000']),
        };
      case 4:
        return { op: 'setData', path: this.path(), data: this.aboutTheLongest(), version: -1 };
      case 5:
        return { op: 'create', path: this.path(), data: this.aboutTheLongest(), acl: OPEN, flags: 0 };
      case 6:
        return { op: 'raw', type: 16, hex: this.bytes(16) };
      default:
        return { op: 'raw', type: random.pick([18, 17]), hex: '0000000000000000' };
    }
  }

  setWatches(behind: number): Operation {
    const list = (): string[] => this.some(4, () => this.path());
    const lists = { behind, data: list(), exist: list(), child: list() };
    if (this.random.below(3) > 0) return { op: 'setWatches', ...lists };
    return { op: 'setWatches2', ...lists, persistent: list(), recursive: list() };
  }

  private create(inMulti = false): SubOperation {
    const { random } = this;
    const kind = random.below(20);
    const rest = { path: this.path(), data: this.content(), acl: this.acl() };
    if (kind === 0) return { op: 'createContainer', ...rest, flags: random.pick([4, 4, 0, 9]) };
    if (kind === 1) {
      // Not without a flag of it: a time that is out of range then ends the real server.
      return {
        op: 'createTTL',
        ...rest,
        flags: random.pick([...TTL_FLAGS, 7]),
        ttl: random.pick([1000, 0, -1, 2 ** 50]),
      };
    }
    const flags =
      kind < 18
        ? random.pick([0, 0, 0, 1, 1, 2, 3])
        : random.pick([4, 7, -1, 100, ...(inMulti ? [] : TTL_FLAGS)]);
    return { op: random.pick(['create', 'create', 'create2']), ...rest, flags };
  }

  private transactional(): SubOperation {
    switch (this.random.below(10)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return this.create(true);
      case 4:
      case 5:
        return { op: 'delete', path: this.path(), version: this.version() };
      case 6:
      case 7:
        return { op: 'setData', path: this.path(), data: this.content(), version: this.version() };
      case 8:
        return { op: 'check', path: this.path(), version: this.version() };
      default:
        return this.random.below(4) === 0 ? this.readable() : { op: 'check', path: this.path(), version: -1 };
    }
  }

  private readable(): SubOperation {
    const op = this.random.pick(['getData', 'getChildren'] as const);
    return { op, path: this.path(), watch: this.often() };
  }

  private withAcl(): Operation {
    const { random } = this;
    if (random.below(2) === 0) return { op: 'getACL', path: this.path() };
    return { op: 'setACL', path: this.path(), acl: this.acl(), version: this.version() };
  }

  private aboutWatches(): Operation {
    const { random } = this;
    const op = random.pick([
      'addWatch',
      'addWatch',
      'checkWatches',
      'removeWatches',
      'removeWatches',
    ] as const);
    // With a recursive watch anywhere, the real server cannot read a path that does not begin at the root.
    const path = `/${this.path().replace(/^\//, '')}`;
    return { op, path, mode: random.pick([0, 1, 1, 2, 3, 3, 4, 5, -1]) };
  }

  private small(): Operation {
    const { random } = this;
    switch (random.below(6)) {
      case 0:
        return { op: 'ping' };
      case 1:
        return { op: 'whoAmI' };
      case 2:
        return { op: 'getEphemerals', path: random.pick(['/', '', this.root, this.path()]) };
      case 3:
        return { op: 'getAllChildrenNumber', path: this.path() };
      default:
        return { op: 'sync', path: this.path() };
    }
  }

  private path(): string {
    const { random } = this;
    const kind = random.below(40);
    if (kind === 0) return random.pick(ODD_PATHS);
    if (kind === 1) return this.root + random.pick(ODD_PATHS);
    let path = this.root;
    for (let depth = 1 + random.below(3); depth > 0; depth -= 1) path += `/${random.pick(NAMES)}`;
    // What a sequential node may be called.
    if (kind < 6) path += String(random.below(6)).padStart(10, '0');
    else if (kind === 6) path += '/';
    return path;
  }

  private version(): number {
    return this.random.pick([-1, -1, -1, 0, 0, 1, 2, 3, -2]);
  }

  private content(): Content {
    const { random } = this;
    return random.pick<Content>([null, '', 'x', `content ${random.below(100)}`, random.below(3000)]);
  }

  private aboutTheLongest(): number {
    return LONGEST_FRAME - 120 + this.random.below(160);
  }

  private acl(): readonly Acl[] | null {
    const { random } = this;
    if (random.below(12) > 0) return OPEN;
    return random.pick<readonly Acl[] | null>([
      null,
      [],
      [...OPEN, ...OPEN],
      [{ perms: 1, scheme: 'world', id: 'anyone' }],
      [{ perms: 15, scheme: 'world', id: 'anyone' }],
      [{ perms: 0, scheme: 'world', id: 'anyone' }],
      [{ perms: 255, scheme: 'world', id: 'anyone' }],
      [{ perms: 31, scheme: 'world', id: 'nobody' }],
      [{ perms: 31, scheme: '', id: '' }],
      [{ perms: 31, scheme: null, id: null }],
      [{ perms: 31, scheme: 'nobody', id: 'x' }],
    ]);
  }

  private bytes(count: number): string {
    return Array.from({ length: count }, () => this.random.below(256).toString(16).padStart(2, '0')).join('');
  }

  private often(): boolean {
    return this.random.below(3) > 0;
  }

  private some<T>(below: number, one: () => T): T[] {
    return Array.from({ length: this.random.below(below) }, one);
  }
}
