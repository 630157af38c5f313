import type { NodeEntry } from '../model';
import { element, setAttribute, setText, spoken } from './element';
import { countsText, letterOf, partitionWords } from './grid-rows';
import type { GridRow, ReplicaLetter } from './grid-rows';
import type { Row } from './keyed-rows';
import type { PageContext } from './page-context';

/** Columns before those of the nodes: name, partitions or ballot, and the four health words. */
export const LEADING_COLUMNS = 6;

const ROLE: Readonly<Record<ReplicaLetter, string>> = { P: 'primary', S: 'secondary', L: 'learner' };

/** What the columns of the nodes are, for rows to draw themselves. */
export interface NodeColumns {
  readonly nodes: readonly NodeEntry[];
  /** By index in `nodes`. */
  readonly dead: readonly boolean[];
}

/** What a node is called: its instance, or its address when it is none of this cluster's. */
export function nodeName({ node, instance }: NodeEntry): string {
  return instance ?? node;
}

/** A row of the grid; it shows a table, or a partition, its whole life long. */
export class GridRowElement implements Row<GridRow> {
  readonly element = element('tr');
  private readonly title = element('button', { type: 'button', class: 'plain', 'data-column': 0 });
  private readonly count = element('td', { class: 'number', 'data-column': 1, tabindex: -1 });
  private readonly words: readonly HTMLTableCellElement[];
  private readonly more: HTMLTableCellElement;
  private readonly cells: HTMLTableCellElement[] = [];
  private row: GridRow | undefined;

  constructor(
    context: PageContext,
    private readonly columns: () => NodeColumns,
    kind: GridRow['kind'],
    key: string,
    toggle: () => void,
  ) {
    this.element.className = `${kind}-row`;
    this.element.dataset['key'] = key;
    this.words = kind === 'table' ? [2, 3, 4, 5].map(healthCell) : [healthCell(2)];
    if (kind === 'partition') this.words[0]?.setAttribute('colspan', '4');
    this.more = element('td', { class: 'more' });
    const head = element('th', { scope: 'row' }, this.title);
    this.element.append(head, this.count, ...this.words, this.more);
    if (kind === 'table') this.addMenu(context, Number(key));
    else setText(this.title, key);
    this.title.addEventListener('click', () => (kind === 'table' ? toggle() : context.explain(key)));
    if (kind === 'partition') this.element.addEventListener('click', () => context.explain(key));
  }

  update(row: GridRow): void {
    const before = this.row;
    this.row = row;
    this.fitCells();
    if (row.kind === 'table') this.showTable(row);
    else this.showPartition(row, before);
  }

  /** Nodes have come, died or returned: everything that depends on them. */
  columnsChanged(): void {
    if (this.row !== undefined) this.update(this.row);
  }

  private addMenu(context: PageContext, appId: number): void {
    const button = element('button', { type: 'button', class: 'quiet' }, '…');
    button.dataset['column'] = 'last';
    button.addEventListener('click', () => context.openTable(appId));
    this.more.append(button);
  }

  private fitCells(): void {
    const { nodes, dead } = this.columns();
    while (this.cells.length < nodes.length) {
      const cell = element('td', { class: 'node', tabindex: -1 });
      cell.dataset['column'] = String(LEADING_COLUMNS + this.cells.length);
      this.cells.push(cell);
      this.element.insertBefore(cell, this.more);
    }
    this.cells.forEach((cell, i) => setAttribute(cell, 'data-dead', dead[i] === true));
  }

  private showTable({ table, open, perNode }: Extract<GridRow, { kind: 'table' }>): void {
    setText(this.title, table.name);
    setAttribute(this.title, 'aria-expanded', String(open));
    const { status } = table;
    setAttribute(this.title, 'title', `${table.name}: table ${table.appId}, ${status.toLowerCase()}`);
    setAttribute(this.element, 'data-status', status);
    setText(this.count, String(table.partitionCount));
    setAttribute(this.more.firstElementChild ?? this.more, 'aria-label', `Actions for table ${table.name}`);
    const counts = [table.fullyHealthy, table.unhealthy, table.writeUnhealthy, table.readUnhealthy];
    setAttribute(this.element, 'data-ill', table.unhealthy > 0);
    this.words.forEach((cell, i) => {
      setText(cell, String(counts[i] ?? 0));
      setAttribute(cell, 'data-ill', i > 0 && (counts[i] ?? 0) > 0);
    });
    this.cells.forEach((cell, i) => {
      const count = perNode[i];
      setText(cell, count === undefined ? '' : countsText(count));
    });
  }

  private showPartition(row: Extract<GridRow, { kind: 'partition' }>, before: GridRow | undefined): void {
    const [ballot] = row.partition;
    setText(this.count, `ballot ${ballot}`);
    const words = partitionWords(row.partition, row.replicaCount);
    setAttribute(this.element, 'data-ill', words !== 'fully healthy');
    const cell = this.words[0];
    if (cell !== undefined) {
      setText(cell, words);
      setAttribute(cell, 'data-ill', words !== 'fully healthy');
    }
    this.cells.forEach((each, i) => this.showReplica(each, i, row));
    // What has changed is seen for a moment.
    if (before?.kind !== 'partition' || before.partition === row.partition) return;
    this.element.classList.remove('changed');
    void this.element.offsetWidth;
    this.element.classList.add('changed');
  }

  private showReplica(
    cell: HTMLTableCellElement,
    node: number,
    row: Extract<GridRow, { kind: 'partition' }>,
  ): void {
    const letter = letterOf(row.partition, node);
    const shown = cell.dataset['role'] ?? '';
    const entry = this.columns().nodes[node];
    const what = letter === null ? 'no replica' : `${ROLE[letter]}, ballot ${row.partition[0]}`;
    setAttribute(
      cell,
      'title',
      `${row.appId}.${row.index} on ${entry === undefined ? '?' : nodeName(entry)}: ${what}`,
    );
    if (shown === (letter ?? '') && cell.firstChild !== null) return;
    cell.dataset['role'] = letter ?? '';
    if (letter === null) {
      cell.replaceChildren(
        element('span', { class: 'no-replica', 'aria-hidden': 'true' }, '·'),
        spoken('none'),
      );
      return;
    }
    cell.replaceChildren(
      element('span', { class: 'replica', 'data-letter': letter, 'aria-hidden': 'true' }, letter),
      spoken(ROLE[letter]),
    );
  }
}

function healthCell(column: number): HTMLTableCellElement {
  return element('td', { class: 'number health', 'data-column': column, tabindex: -1 });
}
