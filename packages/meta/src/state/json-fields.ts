import { OneboxError, describeError } from '@onebox/base';

/** The fields of a JSON object in a znode, read as upstream reads them: missing ones get a default, unknown ones are ignored. */
export class JsonFields {
  private constructor(
    private readonly path: string,
    private readonly fields: Readonly<Record<string, unknown>>,
  ) {}

  /** @throws OneboxError ONEBOX_BAD_ZNODE when the data is not a JSON object */
  static parse(path: string, data: Buffer): JsonFields {
    let parsed: unknown;
    try {
      parsed = JSON.parse(data.toString('utf8'));
    } catch (error) {
      throw badZnode(path, describeError(error));
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      throw badZnode(path, 'it is not a JSON object');
    }
    return new JsonFields(path, parsed as Record<string, unknown>);
  }

  integer(name: string, fallback: number): number {
    const value = this.fields[name];
    if (value === undefined) return fallback;
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw this.bad(name, 'an integer');
    return value;
  }

  text(name: string, fallback: string): string {
    return this.optionalText(name) ?? fallback;
  }

  optionalText(name: string): string | undefined {
    const value = this.fields[name];
    if (value !== undefined && typeof value !== 'string') throw this.bad(name, 'a text');
    return value;
  }

  /** Upstream writes booleans as 0 and 1; true and false are understood as well. */
  flag(name: string, fallback: boolean): boolean {
    const value = this.fields[name];
    if (value === undefined) return fallback;
    if (typeof value !== 'boolean' && typeof value !== 'number') throw this.bad(name, '0 or 1');
    return Boolean(value);
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.fields[name];
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.bad(name, 'a list of texts');
    return value.map((element: unknown) => {
      if (typeof element !== 'string') throw this.bad(name, 'a list of texts');
      return element;
    });
  }

  /** None when the field is missing. */
  integers(name: string): readonly number[] {
    const value = this.fields[name] ?? [];
    if (!Array.isArray(value)) throw this.bad(name, 'a list of integers');
    return value.map((element: unknown) => {
      if (typeof element !== 'number' || !Number.isSafeInteger(element))
        throw this.bad(name, 'a list of integers');
      return element;
    });
  }

  /** The fields of a nested object. */
  object(name: string): JsonFields | undefined {
    const value = this.fields[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw this.bad(name, 'an object');
    return new JsonFields(this.path, value as Record<string, unknown>);
  }

  textMap(name: string): ReadonlyMap<string, string> {
    const value = this.fields[name];
    if (value === undefined) return new Map();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.bad(name, 'an object of texts');
    }
    return new Map(
      Object.entries(value).map(([key, text]: [string, unknown]) => {
        if (typeof text !== 'string') throw this.bad(name, 'an object of texts');
        return [key, text];
      }),
    );
  }

  /** The error that says what is wrong with a field. */
  bad(name: string, expected: string): OneboxError {
    return badZnode(this.path, `"${name}" is not ${expected}`);
  }
}

function badZnode(path: string, why: string): OneboxError {
  return new OneboxError('ONEBOX_BAD_ZNODE', `the znode ${path} cannot be read: ${why}`, {
    nextStep:
      'Repair or delete the znode; the meta server does not start on metadata it does not understand.',
    data: { path, why },
  });
}
