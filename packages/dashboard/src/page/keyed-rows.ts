/** An element that shows a value and can show another one. */
export interface Row<T> {
  readonly element: Element;
  update(value: T): void;
}

/**
 * The children of an element, one for each key: what stays is kept (and with it focus and selection), what has not changed is not
 * touched. A value has changed when it is another object.
 */
export class KeyedRows<T> {
  private readonly rows = new Map<string, { readonly row: Row<T>; value: T }>();

  /** @param after rows follow this child of `parent`; at the beginning when there is none */
  constructor(
    private readonly parent: Element,
    private readonly create: (value: T, key: string) => Row<T>,
    private readonly after: Element | null = null,
  ) {}

  show(entries: readonly (readonly [key: string, value: T])[]): void {
    const wanted = new Set(entries.map(([key]) => key));
    for (const [key, { row }] of this.rows) {
      if (wanted.has(key)) continue;
      row.element.remove();
      this.rows.delete(key);
    }
    let previous = this.after;
    for (const [key, value] of entries) {
      const element = this.rowOf(key, value).element;
      const place: Element | null =
        previous === null ? this.parent.firstElementChild : previous.nextElementSibling;
      if (place !== element) this.parent.insertBefore(element, place);
      previous = element;
    }
  }

  get(key: string): Row<T> | undefined {
    return this.rows.get(key)?.row;
  }

  private rowOf(key: string, value: T): Row<T> {
    const known = this.rows.get(key);
    if (known === undefined) {
      const row = this.create(value, key);
      row.update(value);
      this.rows.set(key, { row, value });
      return row;
    }
    if (known.value !== value) {
      known.value = value;
      known.row.update(value);
    }
    return known.row;
  }
}
