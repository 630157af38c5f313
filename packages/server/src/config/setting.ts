import type { Config } from './config';
import { configProblem } from './config-problem';
import type { ConfigProblem } from './config-problem';

/** A way to read a value: the reading itself, and in words what it takes. */
export interface Kind<T> {
  readonly allowed: string;
  /** undefined when the text is not allowed. */
  read(text: string): T | undefined;
}

/**
 * Reads keys that are not flags, as flags are read: typed, with problems as values.
 * Each method gives the default when the key is missing or wrong, so that reading can go on.
 */
export class SettingReader {
  readonly problems: ConfigProblem[] = [];

  constructor(
    private readonly config: Config,
    private readonly section: string,
  ) {}

  optional<T>(key: string, kind: Kind<T>): T | undefined {
    const entry = this.config.entry(this.section, key);
    if (entry === undefined) return undefined;
    const value = kind.read(entry.value);
    if (value === undefined) {
      this.problems.push(
        configProblem(
          'ONEBOX_CONFIG_BAD_VALUE',
          entry.origin,
          `[${this.section}] ${key} = ${entry.value} is not allowed`,
          { section: this.section, key, allowed: kind.allowed },
        ),
      );
    }
    return value;
  }

  withDefault<T>(key: string, kind: Kind<T>, fallback: T): T {
    return this.optional(key, kind) ?? fallback;
  }

  /** As {@link withDefault}; a missing key is an error. */
  required<T>(key: string, kind: Kind<T>, fallback: T): T {
    if (this.config.entry(this.section, key) === undefined) {
      const origin = this.config.sectionOrigins.get(this.section) ?? {
        kind: 'default',
        file: this.config.file,
      };
      this.problems.push(
        configProblem('ONEBOX_CONFIG_BAD_VALUE', origin, `[${this.section}] ${key} must be set`, {
          section: this.section,
          key,
          allowed: kind.allowed,
        }),
      );
    }
    return this.withDefault(key, kind, fallback);
  }
}

/** A whole decimal number of a range. */
export function wholeNumber(lowest: number, highest: number): Kind<number> {
  return {
    allowed: `a whole number from ${lowest} to ${highest}`,
    read: (text) => {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
      return value >= lowest && value <= highest ? value : undefined;
    },
  };
}

/** A decimal number of a range. */
export function decimalNumber(lowest: number, highest: number): Kind<number> {
  return {
    allowed: `a number from ${lowest} to ${highest}`,
    read: (text) => {
      const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
      return value >= lowest && value <= highest ? value : undefined;
    },
  };
}

export const trueOrFalse: Kind<boolean> = {
  allowed: 'true or false',
  read: (text) => (/^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined),
};

export function matching(pattern: RegExp, allowed: string): Kind<string> {
  return { allowed, read: (text) => (pattern.test(text) ? text : undefined) };
}

export function wordOf<T extends string>(words: readonly T[], allowed = words.join(', ')): Kind<T> {
  return { allowed, read: (text) => words.find((word) => word === text) };
}
