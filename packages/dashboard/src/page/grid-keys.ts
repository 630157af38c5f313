/** Where the keyboard stands in the grid: a row by its index, a column by its number. */
export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

export interface GridExtent {
  readonly rows: number;
  readonly columns: number;
  /** How far Page Up and Page Down go. */
  readonly page: number;
}

/**
 * Where a key leads to, as the WAI-ARIA pattern of a grid has it: arrows, Home and End in the row, with Ctrl in the whole grid, Page Up and
 * Page Down. Undefined: the key is none of the grid's.
 */
export function placeAfter(
  key: string,
  ctrl: boolean,
  { row, column }: GridPlace,
  { rows, columns, page }: GridExtent,
): GridPlace | undefined {
  const at = (toRow: number, toColumn: number): GridPlace => ({
    row: Math.max(0, Math.min(rows - 1, toRow)),
    column: Math.max(0, Math.min(columns - 1, toColumn)),
  });
  switch (key) {
    case 'ArrowUp':
      return at(row - 1, column);
    case 'ArrowDown':
      return at(row + 1, column);
    case 'ArrowLeft':
      return at(row, column - 1);
    case 'ArrowRight':
      return at(row, column + 1);
    case 'Home':
      return at(ctrl ? 0 : row, 0);
    case 'End':
      return at(ctrl ? rows - 1 : row, columns - 1);
    case 'PageUp':
      return at(row - page, column);
    case 'PageDown':
      return at(row + page, column);
    default:
      return undefined;
  }
}
