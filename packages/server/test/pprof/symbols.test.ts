import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readElfName, readElfSymbols } from '../../src/pprof/elf-symbols';
import { ownSymbolTable } from '../../src/pprof/symbol-table';

const directory = mkdtempSync(join(tmpdir(), 'onebox-elf-'));
afterAll(() => rmSync(directory, { recursive: true }));

interface Symbol {
  readonly name: string;
  readonly address: number;
  readonly size?: number;
  readonly type?: number;
  readonly section?: number;
}

/** A 64-bit ELF file with one loaded segment, a symbol table and its names. */
function elf(symbols: readonly Symbol[], change: (bytes: Buffer) => void = () => undefined): Buffer {
  const names = Buffer.from(`\0${symbols.map(({ name }) => `${name}\0`).join('')}`);
  const table = Buffer.alloc(symbols.length * 24);
  let nameAt = 1;
  symbols.forEach(({ name, address, size = 0, type = 2, section = 1 }, i) => {
    table.writeUInt32LE(name === '' ? 0 : nameAt, i * 24);
    table[i * 24 + 4] = 0x10 | type;
    table.writeUInt16LE(section, i * 24 + 6);
    table.writeBigUInt64LE(BigInt(address), i * 24 + 8);
    table.writeBigUInt64LE(BigInt(size), i * 24 + 16);
    nameAt += name.length + 1;
  });
  const header = Buffer.alloc(64 + 56 + 3 * 64);
  header.write('\x7fELF\x02\x01', 'latin1');
  header.writeUInt16LE(3, 16);
  header.writeBigUInt64LE(64n, 32);
  header.writeBigUInt64LE(120n, 40);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(1, 56);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(3, 60);
  header.writeUInt32LE(1, 64);
  header.writeBigUInt64LE(0x1000n, 64 + 8);
  header.writeBigUInt64LE(0x401000n, 64 + 16);
  const section = (index: number, type: number, offset: number, size: number, link: number): void => {
    const at = 120 + index * 64;
    header.writeUInt32LE(type, at + 4);
    header.writeBigUInt64LE(BigInt(offset), at + 24);
    header.writeBigUInt64LE(BigInt(size), at + 32);
    header.writeUInt32LE(link, at + 40);
  };
  section(1, 2, header.length, table.length, 2);
  section(2, 3, header.length + table.length, names.length, 0);
  change(header);
  return Buffer.concat([header, table, names]);
}

async function read(bytes: Buffer) {
  const path = join(directory, 'elf');
  writeFileSync(path, bytes);
  const file = await open(path, 'r');
  try {
    const symbols = await readElfSymbols(file);
    if (symbols === undefined) return undefined;
    const names = await Promise.all([...symbols.nameOffsets].map((offset) => readElfName(file, offset)));
    return { ...symbols, names };
  } finally {
    await file.close();
  }
}

test('the symbols of an ELF file: those with an address, once per address, in address order', async () => {
  const found = await read(
    elf([
      { name: 'later', address: 0x403000, size: 8 },
      { name: 'alias', address: 0x402000 },
      { name: 'main', address: 0x402000, size: 16 },
      { name: 'imported', address: 0, section: 0 },
      { name: 'a.c', address: 0x401000, type: 4, section: 0xfff1 },
      { name: 'perThread', address: 0x10, type: 6 },
      { name: '', address: 0x404000 },
    ]),
  );
  expect(found).toEqual({
    addresses: Float64Array.of(0x402000, 0x403000),
    sizes: Float64Array.of(16, 8),
    nameOffsets: expect.anything() as Float64Array,
    names: ['main', 'later'],
    relocatable: true,
    firstAddress: 0x400000,
  });
});

test.each([
  ['no ELF file', (bytes: Buffer) => bytes.fill(0, 0, 4)],
  ['32 bits', (bytes: Buffer) => bytes.writeUInt8(1, 4)],
  ['big endian', (bytes: Buffer) => bytes.writeUInt8(2, 5)],
  ['no symbol table', (bytes: Buffer) => bytes.writeUInt32LE(1, 120 + 64 + 4)],
  ['a link to nowhere', (bytes: Buffer) => bytes.writeUInt32LE(9, 120 + 64 + 40)],
  ['a table of terabytes', (bytes: Buffer) => bytes.writeBigUInt64LE(2n ** 44n, 120 + 64 + 32)],
  ['sections behind the end', (bytes: Buffer) => bytes.writeBigUInt64LE(2n ** 60n, 40)],
])('%s has no symbols', async (_what, change) => {
  expect(await read(elf([{ name: 'main', address: 1 }], (bytes) => void change(bytes)))).toBeUndefined();
});

test('a file that ends in the header has no symbols', async () => {
  expect(await read(Buffer.from('\x7fELF\x02\x01', 'latin1'))).toBeUndefined();
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux(
  'the executable of this process has symbols, and its functions are found where nm finds them',
  async () => {
    const table = await ownSymbolTable();
    expect(table.count).toBeGreaterThan(1000);
    expect(await table.resolve([0, 1, 2 ** 52])).toEqual([undefined, undefined, undefined]);
    let listing: string;
    try {
      listing = execFileSync('nm', [process.execPath], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    } catch {
      process.stderr.write('SKIPPED: comparison with nm, which is not on this machine\n');
      return;
    }
    const main = /^([0-9a-f]+) T main$/m.exec(listing)?.[1] ?? '';
    // Where this Node is no position-independent executable, addresses are as linked; else nm's are offsets.
    const address = parseInt(main, 16);
    const [name, within] = await table.resolve([address, address + 1]);
    if (address > 0x400000) expect([name, within]).toEqual(['main', 'main']);
  },
);
