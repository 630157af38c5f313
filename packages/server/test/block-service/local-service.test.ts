import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlockError, LocalService, openBlockService, parseIni } from '@onebox/server';

let directory: string;
let root: string;
let service: LocalService;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'block-'));
  root = join(directory, 'root');
  service = new LocalService(root);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const HELLO = { name: 'info', size: 5, md5: '5d41402abc4b2a76b9719d911017c592' };

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'ERR_OK',
    (error: unknown) => (error instanceof BlockError ? error.errorCode : String(error)),
  );
}

test('a file lies beside its metadata, as upstream lays it out, and nothing else is left', async () => {
  expect(await service.write('r/onebox/temp/info', Buffer.from('hello'))).toEqual(HELLO);
  const lies = join(root, 'r/onebox/temp');
  expect((await readdir(lies)).sort()).toEqual(['.info.meta', 'info']);
  expect(await readFile(join(lies, 'info'), 'utf8')).toBe('hello');
  expect(await readFile(join(lies, '.info.meta'), 'utf8')).toBe(
    '{"md5":"5d41402abc4b2a76b9719d911017c592","size":5}',
  );
  expect(await service.stat('r//./onebox/temp/info')).toEqual(HELLO);
  expect((await service.read('r/onebox/temp/info')).toString()).toBe('hello');
});

test('writing again replaces file and metadata', async () => {
  await service.write('info', Buffer.from('something longer'));
  await service.write('info', Buffer.from('hello'));
  expect((await service.read('info')).toString()).toBe('hello');
  expect(await service.stat('info')).toEqual(HELLO);
});

test('files go in and out with their size and MD5', async () => {
  const local = join(directory, 'local');
  await writeFile(local, 'hello');
  expect(await service.copyIn('a/info', local)).toEqual(HELLO);
  const back = join(directory, 'back');
  expect(await service.copyOut('a/info', back)).toEqual(HELLO);
  expect(await readFile(back, 'utf8')).toBe('hello');
});

test('a file that is not what its metadata says is corrupt, and leaves nothing where it was to go', async () => {
  await service.write('info', Buffer.from('hello'));
  await writeFile(join(root, 'info'), 'hellO');
  expect(await codeOf(service.copyOut('info', join(directory, 'back')))).toBe('ERR_CORRUPTION');
  await writeFile(join(root, 'info'), 'hell');
  expect(await codeOf(service.copyOut('info', join(directory, 'back')))).toBe('ERR_CORRUPTION');
  expect(await readdir(directory)).toEqual(['root']);
});

test('a file without metadata, a missing file and a directory are no objects', async () => {
  await mkdir(join(root, 'a'), { recursive: true });
  await writeFile(join(root, 'bare'), 'x');
  for (const path of ['bare', 'missing', 'a', 'bare/under', 'a/b/c', 'x'.repeat(300)]) {
    expect([path, await codeOf(service.read(path))]).toEqual([path, 'ERR_OBJECT_NOT_FOUND']);
    expect([path, await codeOf(service.copyOut(path, join(directory, 'out')))]).toEqual([
      path,
      'ERR_OBJECT_NOT_FOUND',
    ]);
  }
  expect(await service.exists('bare')).toBe(false);
  expect(await service.exists('a')).toBe(true);
});

test.each(['', 'not json', '[]', '{"size":"1","md5":"x"}', '{"size":-1,"md5":"x"}', '{"md5":"x"}'])(
  'metadata %j is damaged: ERR_FS_INTERNAL',
  async (text) => {
    await service.write('info', Buffer.from('hello'));
    await writeFile(join(root, '.info.meta'), text);
    expect(await codeOf(service.read('info'))).toBe('ERR_FS_INTERNAL');
  },
);

test('a list has the files that have metadata, then the directories', async () => {
  await service.write('d/b', Buffer.from('1'));
  await service.write('d/a', Buffer.from('2'));
  await service.write('d/sub/c', Buffer.from('3'));
  await writeFile(join(root, 'd', 'bare'), 'x');
  expect(await service.list('d')).toEqual([
    { name: 'a', isDirectory: false },
    { name: 'b', isDirectory: false },
    { name: 'sub', isDirectory: true },
  ]);
  expect(await service.list('')).toEqual([{ name: 'd', isDirectory: true }]);
  expect(await codeOf(service.list('d/a'))).toBe('ERR_INVALID_PARAMETERS');
  expect(await codeOf(service.list('none'))).toBe('ERR_OBJECT_NOT_FOUND');
});

test('a directory with something in it goes only when told so; a file takes its metadata along', async () => {
  await service.write('d/a', Buffer.from('1'));
  expect(await codeOf(service.remove('d'))).toBe('ERR_DIR_NOT_EMPTY');
  await service.remove('d/a');
  expect(await readdir(join(root, 'd'))).toEqual([]);
  await service.write('d/a', Buffer.from('1'));
  await service.remove('d', { recursive: true });
  expect(await service.exists('d')).toBe(false);
  expect(await codeOf(service.remove('d'))).toBe('ERR_OBJECT_NOT_FOUND');
});

describe('what leaves the root', () => {
  beforeEach(async () => {
    const outside = new LocalService(join(directory, 'outside'));
    await outside.write('secret', Buffer.from('secret'));
    await mkdir(root, { recursive: true });
    await symlink(join(directory, 'outside'), join(root, 'link'));
    await symlink(join(directory, 'outside', 'secret'), join(root, 'secret'));
    await symlink(join(directory, 'outside', '.secret.meta'), join(root, '.secret.meta'));
  });

  test.each([
    '../outside/secret',
    'a/../../outside/secret',
    'a/..',
    '..',
    '/etc/passwd',
    'nul\0',
    'link/secret',
    'link/new/file',
    'secret',
    `${'./'.repeat(4000)}info`,
  ])('is refused: %j', async (path) => {
    const refused = 'ERR_INVALID_PARAMETERS';
    const local = join(directory, 'local');
    expect(await codeOf(service.read(path))).toBe(refused);
    expect(await codeOf(service.write(path, Buffer.from('x')))).toBe(refused);
    expect(await codeOf(service.copyOut(path, local))).toBe(refused);
    expect(await codeOf(service.remove(path, { recursive: true }))).toBe(refused);
    expect(await codeOf(service.list(path))).toBe(refused);
    expect((await readdir(directory)).sort()).toEqual(['outside', 'root']);
    expect(await readdir(join(directory, 'outside'))).toEqual(['.secret.meta', 'secret']);
  });

  test('the root itself is no file, and cannot be deleted', async () => {
    expect(await codeOf(service.read(''))).toBe('ERR_INVALID_PARAMETERS');
    expect(await codeOf(service.remove('.', { recursive: true }))).toBe('ERR_INVALID_PARAMETERS');
  });

  test('a percent sign is a letter like any other', async () => {
    expect(await codeOf(service.read('%2e%2e/outside/secret'))).toBe('ERR_OBJECT_NOT_FOUND');
  });
});

describe('the provider of a name', () => {
  const open = (ini: string, name = 'local_service') =>
    openBlockService(parseIni(ini, 'x.ini'), name, { baseDirectory: join(directory, 'meta1') });

  test('is its section: type and root, relative to the directory of the server', () => {
    const found = open('[block_service.local_service]\ntype = local_service\nargs = ../files');
    expect((found as LocalService).root).toBe(join(directory, 'files'));
  });

  test('without a root it is the one all servers share', () => {
    const found = open('[block_service.local_service]\ntype = local_service');
    expect((found as LocalService).root).toBe(join(directory, 'block_service/local_service'));
  });

  test('is undefined without a section, or with a type that does not exist here', () => {
    expect(open('[block_service.x]\ntype = local_service')).toBeUndefined();
    expect(open('[block_service.local_service]\ntype = hdfs_service\nargs = hdfs://x /')).toBeUndefined();
    expect(open('', '__proto__')).toBeUndefined();
  });
});
