import { element } from './element';
import { KeyedRows } from './keyed-rows';
import type { Row } from './keyed-rows';

/** Rows beyond what is seen, so that a little scrolling finds them there. */
const MARGIN_ROWS = 8;

/**
 * The rows of a long table, of which only those in sight are in the document; two spacers stand for the others. All rows are of the same
 * height, which is measured.
 */
export class RowWindow<T> {
  private readonly above = element('tr', { 'aria-hidden': 'true', class: 'spacer' }, element('td'));
  private readonly below = element('tr', { 'aria-hidden': 'true', class: 'spacer' }, element('td'));
  private readonly rows: KeyedRows<T>;
  private entries: readonly (readonly [key: string, value: T])[] = [];
  private rowHeight = 28;
  private scheduled = false;

  /** @param scroller what scrolls `body`, and is not higher than the screen */
  constructor(
    private readonly scroller: HTMLElement,
    body: HTMLTableSectionElement,
    create: (value: T, key: string) => Row<T>,
    private readonly onRendered: () => void,
  ) {
    body.append(this.above, this.below);
    this.rows = new KeyedRows(body, create, this.above);
    scroller.addEventListener('scroll', () => this.schedule(), { passive: true });
    new ResizeObserver(() => this.schedule()).observe(scroller);
  }

  show(entries: readonly (readonly [key: string, value: T])[]): void {
    this.entries = entries;
    this.render();
  }

  /** Scrolls as little as shows this row, and puts it into the document. */
  reveal(index: number, headerHeight: number): void {
    const top = index * this.rowHeight;
    const visible = this.scroller.clientHeight - headerHeight;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top + this.rowHeight > this.scroller.scrollTop + visible)
      this.scroller.scrollTop = top + this.rowHeight - visible;
    this.render();
  }

  get rowsInSight(): number {
    return Math.max(1, Math.floor(this.scroller.clientHeight / this.rowHeight) - 2);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.render();
    });
  }

  private render(): void {
    const { scrollTop, clientHeight } = this.scroller;
    const count = this.entries.length;
    const from = Math.max(0, Math.min(count, Math.floor(scrollTop / this.rowHeight)) - MARGIN_ROWS);
    const to = Math.min(count, Math.ceil((scrollTop + clientHeight) / this.rowHeight) + MARGIN_ROWS);
    const hadFocus = this.scroller.contains(document.activeElement);
    this.rows.show(this.entries.slice(from, to));
    // A row that leaves the document takes the focus with it; the reader goes on from here.
    if (hadFocus && !this.scroller.contains(document.activeElement))
      this.scroller.focus({ preventScroll: true });
    this.measure();
    setHeight(this.above, from * this.rowHeight);
    setHeight(this.below, (count - to) * this.rowHeight);
    this.onRendered();
  }

  private measure(): void {
    const row = this.above.nextElementSibling;
    if (row === null || row === this.below) return;
    const { height } = row.getBoundingClientRect();
    if (height > 0) this.rowHeight = height;
  }
}

function setHeight(spacer: HTMLTableRowElement, height: number): void {
  const text = `${Math.max(0, height)}px`;
  if (spacer.hidden !== height <= 0) spacer.hidden = height <= 0;
  if (spacer.style.height !== text) spacer.style.height = text;
}
