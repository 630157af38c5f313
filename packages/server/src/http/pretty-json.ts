import { integerText } from './double';
import { jsonText } from './json-text';

/**
 * Encoder C of reference/http-api.md 2.3, rapidjson's PrettyWriter: four blanks a level, native types, members in the
 * order they are written, no line feed at the end. It is a stream: `take()` hands out what was written so far, so that a
 * big answer can be rendered in slices.
 */
export class PrettyJsonWriter {
  private text = '';
  /** Per open object or array: how many items it has. */
  private readonly counts: number[] = [];
  private afterKey = false;

  openObject(): this {
    return this.open('{');
  }

  closeObject(): this {
    return this.close('}');
  }

  openArray(): this {
    return this.open('[');
  }

  closeArray(): this {
    return this.close(']');
  }

  key(name: string): this {
    this.beforeItem();
    this.text += `${jsonText(name)}: `;
    this.afterKey = true;
    return this;
  }

  string(value: string): this {
    return this.scalar(jsonText(value));
  }

  integer(value: number | bigint): this {
    return this.scalar(integerText(value));
  }

  double(value: number): this {
    return this.scalar(shortestDouble(value));
  }

  boolean(value: boolean): this {
    return this.scalar(String(value));
  }

  /** What was written since the last call. */
  take(): string {
    const taken = this.text;
    this.text = '';
    return taken;
  }

  private scalar(text: string): this {
    this.beforeItem();
    this.text += text;
    return this;
  }

  private open(bracket: string): this {
    this.beforeItem();
    this.text += bracket;
    this.counts.push(0);
    return this;
  }

  private close(bracket: string): this {
    if ((this.counts.pop() ?? 0) > 0) this.text += `\n${'    '.repeat(this.counts.length)}`;
    this.text += bracket;
    return this;
  }

  private beforeItem(): void {
    if (this.afterKey) {
      this.afterKey = false;
      return;
    }
    const level = this.counts.length;
    if (level === 0) return;
    const count = this.counts[level - 1] ?? 0;
    this.text += `${count > 0 ? ',' : ''}\n${'    '.repeat(level)}`;
    this.counts[level - 1] = count + 1;
  }
}

/**
 * The shortest digits that read back as the same double, with at least one decimal: `0.0`, `12.5`, `1e21`, `1e-7`.
 * @throws RangeError for NaN and infinities: rapidjson writes nothing for them, which breaks the document.
 */
export function shortestDouble(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} has no JSON form`);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const text = String(value).replace('e+', 'e');
  return /[.e]/.test(text) ? text : `${text}.0`;
}
