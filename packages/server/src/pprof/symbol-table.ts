import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { readElfName, readElfSymbols } from './elf-symbols';
import type { ElfSymbols } from './elf-symbols';
import { ownMappings, parseMappings } from './memory-map';
import { symbolName } from './symbol-name';

/** The symbols of a running executable, by the addresses they have in memory. */
export interface SymbolTable {
  readonly count: number;
  /** The names of the symbols that cover the addresses, undefined for addresses of none, in the order of asking. */
  resolve(addresses: readonly number[]): Promise<readonly (string | undefined)[]>;
}

/** What a system tells nothing about, or an executable of another format, has no symbols. */
const NO_SYMBOLS: SymbolTable = {
  count: 0,
  resolve: (addresses) => Promise.resolve(addresses.map(() => undefined)),
};

let own: Promise<SymbolTable> | undefined;

/** The symbols of this process's executable, read when they are first asked for. Never rejects: what cannot be read has none. */
export function ownSymbolTable(): Promise<SymbolTable> {
  return (own ??= loadSymbolTable());
}

async function loadSymbolTable(): Promise<SymbolTable> {
  try {
    const file = await open('/proc/self/exe', 'r');
    const symbols = await readElfSymbols(file).finally(() => file.close());
    return symbols === undefined ? NO_SYMBOLS : new ElfSymbolTable(symbols, loadedAt(symbols));
  } catch {
    return NO_SYMBOLS;
  }
}

interface Placement {
  /** To be added to a linked address. */
  readonly bias: number;
  /** Behind the last byte of the executable's mappings. */
  readonly end: number;
}

/** Where the executable lies in memory: a position-independent one anywhere, any other where it was linked to. */
function loadedAt({ relocatable, firstAddress }: ElfSymbols): Placement {
  const mappings = parseMappings(ownMappings()).filter(({ path }) => path === process.execPath);
  const first = mappings.find(({ offset }) => offset === 0);
  return {
    bias: relocatable && first !== undefined ? first.start - firstAddress : 0,
    end: mappings.reduce((end, mapping) => Math.max(end, mapping.end), 0) || Infinity,
  };
}

class ElfSymbolTable implements SymbolTable {
  constructor(
    private readonly symbols: ElfSymbols,
    private readonly placement: Placement,
  ) {}

  get count(): number {
    return this.symbols.addresses.length;
  }

  async resolve(addresses: readonly number[]): Promise<readonly (string | undefined)[]> {
    const indices = addresses.map((address) => this.indexOf(address));
    const names = new Map<number, string | undefined>();
    const wanted = new Set(indices.filter((index) => index !== undefined));
    if (wanted.size > 0) {
      // Names are 7 MB of a Node binary: they are read when somebody asks for them.
      const file = await open('/proc/self/exe', 'r');
      try {
        for (const index of wanted) names.set(index, await this.nameOf(file, index));
      } finally {
        await file.close();
      }
    }
    return indices.map((index) => (index === undefined ? undefined : names.get(index)));
  }

  private async nameOf(file: FileHandle, index: number): Promise<string | undefined> {
    const name = symbolName(await readElfName(file, this.symbols.nameOffsets[index] ?? 0));
    return name === '' ? undefined : name;
  }

  /** The symbol that covers an address: the last one that does not begin behind it, as far as it reaches. */
  private indexOf(address: number): number | undefined {
    const { addresses, sizes } = this.symbols;
    const linked = address - this.placement.bias;
    if (address >= this.placement.end) return undefined;
    let [low, high] = [0, addresses.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((addresses[middle] ?? 0) <= linked) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return undefined;
    const [start, size] = [addresses[low - 1] ?? 0, sizes[low - 1] ?? 0];
    return size > 0 && linked >= start + size ? undefined : low - 1;
  }
}
