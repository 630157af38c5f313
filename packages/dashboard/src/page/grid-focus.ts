import { placeAfter } from './grid-keys';
import type { GridPlace } from './grid-keys';
import { setAttribute } from './element';

/** What the grid is asked for by the keyboard. */
export interface GridTarget {
  rowCount(): number;
  columnCount(): number;
  rowsInSight(): number;
  keyAt(row: number): string | undefined;
  indexOf(key: string): number;
  /** Puts a row into the document and into sight. */
  reveal(row: number): void;
}

/** One stop of the Tab key in the whole grid, which the arrow keys move (roving tabindex). */
export class GridFocus {
  private key: string | undefined;
  private column = 0;
  private stop: HTMLElement | undefined;

  constructor(
    private readonly body: HTMLElement,
    private readonly target: GridTarget,
  ) {
    body.addEventListener('keydown', (event) => this.pressed(event));
    body.addEventListener('focusin', ({ target: focused }) => this.noticed(focused));
  }

  /** Rows have come or gone: the one stop has to be among those in the document. */
  refresh(): void {
    const wanted =
      this.cellAt(this.key, this.column) ?? this.body.querySelector<HTMLElement>('[data-column]');
    if (wanted === null || wanted === this.stop) return;
    if (this.stop !== undefined) setAttribute(this.stop, 'tabindex', -1);
    this.stop = wanted;
    setAttribute(wanted, 'tabindex', 0);
  }

  private noticed(focused: EventTarget | null): void {
    const cell = focused instanceof HTMLElement ? focused.closest<HTMLElement>('[data-column]') : null;
    if (cell === null) return;
    this.key = cell.closest('tr')?.dataset['key'];
    this.column = columnOf(cell, this.target.columnCount());
    this.refresh();
  }

  private pressed(event: KeyboardEvent): void {
    if (this.key === undefined || event.altKey || event.metaKey) return;
    const cell = event.target instanceof HTMLElement ? event.target : undefined;
    if ((event.key === 'Enter' || event.key === ' ') && cell?.tagName === 'TD') {
      cell.closest('tr')?.querySelector<HTMLElement>('th [data-column]')?.click();
      event.preventDefault();
      return;
    }
    const row = Math.max(0, this.target.indexOf(this.key));
    const extent = {
      rows: this.target.rowCount(),
      columns: this.target.columnCount(),
      page: this.target.rowsInSight(),
    };
    const to = placeAfter(event.key, event.ctrlKey, { row, column: this.column }, extent);
    if (to === undefined) return;
    event.preventDefault();
    this.move(to, to.column - this.column);
  }

  private move({ row, column }: GridPlace, step: number): void {
    const key = this.target.keyAt(row);
    if (key === undefined) return;
    this.target.reveal(row);
    const cell = this.cellAt(key, column, step);
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** The cell at a column; where a cell spans several, the one that begins before it, or after it when going there. */
  private cellAt(key: string | undefined, column: number, step = 0): HTMLElement | null {
    if (key === undefined) return null;
    const cells = this.body.querySelectorAll<HTMLElement>(`tr[data-key="${CSS.escape(key)}"] [data-column]`);
    const columns = this.target.columnCount();
    const found = [...cells].filter((cell) => isShown(cell));
    const at = (cell: HTMLElement) => columnOf(cell, columns);
    const before = found.filter((cell) => at(cell) <= column).at(-1);
    const after = found.find((cell) => at(cell) >= column);
    return (step > 0 ? (after ?? before) : (before ?? after)) ?? null;
  }
}

function isShown(cell: HTMLElement): boolean {
  return cell.offsetParent !== null;
}

function columnOf(cell: HTMLElement, columns: number): number {
  const column = cell.dataset['column'];
  return column === 'last' ? columns - 1 : Number(column);
}
