import { Double, double2, integerText } from './double';
import { jsonText } from './json-text';

/**
 * Encoder A of reference/http-api.md 2.1: upstream's table printer in its compact JSON form.
 * Every value is a string, members keep the order in which they were added, names may repeat, and a document ends
 * with one line feed.
 */

/** What a table cell may hold. A plain number is an integer; a C++ double is wrapped in {@link Double}. */
export type CellValue = string | number | bigint | boolean | Double;

function cellText(value: CellValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return value instanceof Double ? double2(value.value) : integerText(value);
}

interface Table {
  /** `{…}`, or undefined when a document leaves this table out. */
  render(): string | undefined;
}

/** Name/value pairs: `{"k1":"v1","k2":"v2"}`. */
export class SingleColumnTable implements Table {
  private readonly members: string[] = [];

  add(name: string, value: CellValue): this {
    this.members.push(`${jsonText(name)}:${jsonText(cellText(value))}`);
    return this;
  }

  render(): string | undefined {
    return this.members.length === 0 ? undefined : `{${this.members.join(',')}}`;
  }

  toJson(): string {
    return `${this.render() ?? '{}'}\n`;
  }
}

/** Rows under headings; the title value is both the key of its row and the row's first member. */
export class MultiColumnTable implements Table {
  private readonly rows: string[] = [];
  private readonly headings: readonly string[];

  constructor(title: string, columns: readonly string[]) {
    this.headings = [title, ...columns].map((heading) => jsonText(heading));
  }

  /** One row: the title value, then one value per column. @throws RangeError when the count is another. */
  row(...values: readonly CellValue[]): this {
    if (values.length !== this.headings.length) {
      throw new RangeError(`a row of ${this.headings.length} columns got ${values.length} values`);
    }
    const texts = values.map((value) => jsonText(cellText(value)));
    const members = this.headings.map((heading, index) => `${heading}:${texts[index] ?? ''}`);
    this.rows.push(`${texts[0] ?? ''}:{${members.join(',')}}`);
    return this;
  }

  render(): string {
    return `{${this.rows.join(',')}}`;
  }

  toJson(): string {
    return `${this.render()}\n`;
  }
}

/** Named tables in the order they were added. A single-column table without a pair vanishes with its name. */
export class TableDocument {
  private readonly members: string[] = [];

  add(name: string, table: SingleColumnTable | MultiColumnTable): this {
    const rendered = table.render();
    if (rendered !== undefined) this.members.push(`${jsonText(name)}:${rendered}`);
    return this;
  }

  toJson(): string {
    return `{${this.members.join(',')}}\n`;
  }
}
