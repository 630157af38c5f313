import { Double, double2, integerText } from './double';
import { jsonText } from './json-text';

/**
 * Encoder A of reference/http-api.md 2.1: upstream's table printer in its compact JSON form.
 * Every value is a string, members keep the order in which they were added, names may repeat, and a document ends
 * with one line feed.
 */

/** What a table cell may hold. A plain number is an integer; a C++ double is wrapped in {@link Double}. */
export type CellValue = string | number | bigint | boolean | Double;

/** A cell's JSON text. Numbers, which most cells of long tables are, need no look for characters to escape. */
function cellJson(value: CellValue): string {
  if (typeof value === 'string') return jsonText(value);
  if (typeof value === 'boolean') return value ? '"true"' : '"false"';
  return `"${value instanceof Double ? double2(value.value) : integerText(value)}"`;
}

interface Table {
  /** `{…}`, or undefined when a document leaves this table out. */
  render(): string | undefined;
}

/** Name/value pairs: `{"k1":"v1","k2":"v2"}`. */
export class SingleColumnTable implements Table {
  private readonly members: string[] = [];

  add(name: string, value: CellValue): this {
    this.members.push(`${jsonText(name)}:${cellJson(value)}`);
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
  /** What stands in front of each cell. */
  private readonly headings: readonly string[];

  constructor(title: string, columns: readonly string[]) {
    this.headings = [title, ...columns].map(
      (heading, index) => `${index === 0 ? '' : ','}${jsonText(heading)}:`,
    );
  }

  /** One row: the title value, then one value per column. @throws RangeError when the count is another. */
  row(...values: readonly CellValue[]): this {
    return this.append(this.format(...values));
  }

  /** The text of a row, for callers that keep it. @throws RangeError when the count of values is another. */
  format(...values: readonly CellValue[]): string {
    if (values.length !== this.headings.length) {
      throw new RangeError(`a row of ${this.headings.length} columns got ${values.length} values`);
    }
    let title = '';
    let members = '';
    values.forEach((value, index) => {
      const text = cellJson(value);
      if (index === 0) title = text;
      members += `${this.headings[index] ?? ''}${text}`;
    });
    return `${title}:{${members}}`;
  }

  /** A row that {@link format} of a table with the same headings made. */
  append(row: string): this {
    this.rows.push(row);
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
