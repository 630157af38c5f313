import { FLAGS_BY_NAME } from '../../src/flags/flag-table';
import type { FlagName } from '../../src/flags/flag-table';
import type { Flags } from '../../src/flags/flags';

const MUTABLE: ReadonlySet<string> = new Set(
  FLAGS_BY_NAME.filter(({ mutable }) => mutable).map(({ name }) => name),
);

/** Flags that note which mutable ones are read, and for which somebody waits to hear of a change. */
export class WatchedFlags {
  private readonly read = new Set<FlagName>();
  private readonly awaited = new Set<FlagName>();
  readonly flags: Flags;

  constructor(flags: Flags) {
    // Everything but the two methods that are watched is the flags' own.
    this.flags = Object.assign(Object.create(flags) as Flags, {
      get: (name: FlagName) => {
        if (MUTABLE.has(name)) this.read.add(name);
        return flags.get(name);
      },
      onChange: (name: FlagName, changed: (value: string | number | boolean) => void) => {
        this.awaited.add(name);
        return flags.onChange(name, changed);
      },
    });
  }

  /** The mutable flags that were read since the last call, by name. */
  taken(): FlagName[] {
    const names = [...this.read].sort();
    this.read.clear();
    return names;
  }

  /** The flags for whose change somebody waits or has waited. */
  listenedTo(): readonly FlagName[] {
    return [...this.awaited].sort();
  }
}
