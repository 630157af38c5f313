import type { FileHandle } from 'node:fs/promises';

/** Sections of a symbol table, and the string table it takes names from. */
const SHT_SYMTAB = 2;
const SHT_DYNSYM = 11;
const PT_LOAD = 1;
const ET_DYN = 3;
const SYMBOL_BYTES = 24;

/** No symbol table of a program anybody runs is larger; a broken header must not make the server read gigabytes. */
const LARGEST_TABLE_BYTES = 256 * 1024 * 1024;
const MOST_SECTIONS = 10_000;
const LONGEST_NAME_BYTES = 4096;
/** Symbols between two looks at other work: about a millisecond. */
const SLICE = 20_000;

/** Symbols that have an address, one per address, in address order. Addresses are as linked. */
export interface ElfSymbols {
  readonly addresses: Float64Array;
  /** Bytes from the address on; 0 for unknown. */
  readonly sizes: Float64Array;
  /** Where each name begins in the file. */
  readonly nameOffsets: Float64Array;
  /** True for a program that is loaded anywhere: addresses count from where it was loaded. */
  readonly relocatable: boolean;
  /** The address, as linked, of the first loaded byte of the file. */
  readonly firstAddress: number;
}

/**
 * Reads the symbol table of a 64-bit little-endian ELF file: `.symtab`, or `.dynsym` of a stripped one. Only the tables are
 * read, and other work goes on meanwhile.
 *
 * @returns undefined when the file is of another format
 */
export async function readElfSymbols(file: FileHandle): Promise<ElfSymbols | undefined> {
  const header = await readBytes(file, 0, 64);
  if (header.length < 64 || header.readUInt32BE(0) !== 0x7f454c46) return undefined;
  if (header[4] !== 2 || header[5] !== 1) return undefined;
  const sections = await readSections(file, header);
  const table =
    sections.find(({ type }) => type === SHT_SYMTAB) ?? sections.find(({ type }) => type === SHT_DYNSYM);
  const names = table === undefined ? undefined : sections[table.link];
  if (table === undefined || names === undefined || table.size > LARGEST_TABLE_BYTES) return undefined;
  const symbols = await readBytes(file, table.offset, table.size);
  return {
    ...(await collect(symbols, names.offset)),
    relocatable: header.readUInt16LE(16) === ET_DYN,
    firstAddress: await firstLoadedAddress(file, header),
  };
}

/** The text that begins at an offset and ends with a NUL. */
export async function readElfName(file: FileHandle, offset: number): Promise<string> {
  const bytes = await readBytes(file, offset, LONGEST_NAME_BYTES);
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
}

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

async function readSections(file: FileHandle, header: Buffer): Promise<Section[]> {
  const [offset, entry, count] = [readLong(header, 40), header.readUInt16LE(58), header.readUInt16LE(60)];
  if (entry < 64 || count > MOST_SECTIONS) return [];
  const bytes = await readBytes(file, offset, entry * count);
  const sections: Section[] = [];
  for (let at = 0; at + 64 <= bytes.length; at += entry) {
    sections.push({
      type: bytes.readUInt32LE(at + 4),
      offset: readLong(bytes, at + 24),
      size: readLong(bytes, at + 32),
      link: bytes.readUInt32LE(at + 40),
    });
  }
  return sections;
}

async function firstLoadedAddress(file: FileHandle, header: Buffer): Promise<number> {
  const [offset, entry, count] = [readLong(header, 32), header.readUInt16LE(54), header.readUInt16LE(56)];
  const bytes = await readBytes(file, offset, entry * count);
  for (let at = 0; at + 56 <= bytes.length; at += Math.max(entry, 56)) {
    if (bytes.readUInt32LE(at) === PT_LOAD) return readLong(bytes, at + 16) - readLong(bytes, at + 8);
  }
  return 0;
}

/** The table in address order; of several symbols of one address the one that covers most, then the first. */
async function collect(
  symbols: Buffer,
  namesOffset: number,
): Promise<Pick<ElfSymbols, 'addresses' | 'sizes' | 'nameOffsets'>> {
  const found: { address: number; size: number; name: number }[] = [];
  for (let at = 0; at + SYMBOL_BYTES <= symbols.length; at += SYMBOL_BYTES) {
    if (at % (SLICE * SYMBOL_BYTES) === 0) await new Promise(setImmediate);
    if (!hasAddress(symbols, at)) continue;
    const name = namesOffset + symbols.readUInt32LE(at);
    found.push({ address: readLong(symbols, at + 8), size: readLong(symbols, at + 16), name });
  }
  found.sort((a, b) => a.address - b.address || b.size - a.size);
  const distinct = found.filter(({ address }, i) => i === 0 || found[i - 1]?.address !== address);
  return {
    addresses: Float64Array.from(distinct, ({ address }) => address),
    sizes: Float64Array.from(distinct, ({ size }) => size),
    nameOffsets: Float64Array.from(distinct, ({ name }) => name),
  };
}

/** Functions, data and labels of this file: no imports, sections, files, thread-locals or absolute numbers. */
function hasAddress(symbols: Buffer, at: number): boolean {
  const type = (symbols[at + 4] ?? 0) & 0xf;
  const section = symbols.readUInt16LE(at + 6);
  const named = symbols.readUInt32LE(at) !== 0;
  return named && section !== 0 && section < 0xff00 && (type <= 2 || type === 10);
}

function readLong(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

/** As many bytes as there are. */
async function readBytes(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, Math.min(length, LARGEST_TABLE_BYTES)));
  if (bytes.length === 0 || !Number.isSafeInteger(offset)) return Buffer.alloc(0);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
  return bytes.subarray(0, bytesRead);
}
