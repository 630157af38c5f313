import type { DashboardState, NodeEntry, ServerEntry } from '../model';
import { byId, element, setAttribute, setText, spoken } from './element';
import { GridFocus } from './grid-focus';
import { GridRows, opensByItself, tablesShown } from './grid-rows';
import type { GridFilter, GridRow } from './grid-rows';
import type { PageContext, View } from './page-context';
import { GridRowElement, LEADING_COLUMNS, nodeName } from './partition-row';
import type { NodeColumns } from './partition-row';
import { countText } from './quantity-text';
import { RowWindow } from './row-window';
import { isDead } from './server-words';
import { TablesAge } from './tables-age';

/** Tables with their health, and their partitions by nodes. */
export class TablesView implements View {
  private readonly window: RowWindow<GridRow>;
  private readonly focus: GridFocus;
  private readonly rows = new GridRows();
  private readonly drawn = new Map<string, GridRowElement>();
  private readonly head = byId('grid-head');
  private readonly grid = byId('grid');
  private entries: readonly (readonly [key: string, row: GridRow])[] = [];
  private indexes = new Map<string, number>();
  private columns: NodeColumns = { nodes: [], dead: [] };
  private state: DashboardState | undefined;
  private filter: GridFilter = { text: '', unhealthyOnly: false };
  /** Those that are open although tables begin closed, or closed although they begin open. */
  private readonly toggled = new Set<number>();
  private readonly age = new TablesAge();
  private openByItself: boolean | undefined;

  constructor(context: PageContext) {
    const create = (row: GridRow, key: string): GridRowElement => {
      const made = new GridRowElement(
        context,
        () => this.columns,
        row.kind,
        key,
        () => this.toggle(Number(key)),
      );
      this.drawn.set(key, made);
      return made;
    };
    this.window = new RowWindow(
      byId('grid-scroller'),
      byId('grid-rows') as HTMLTableSectionElement,
      create,
      () => this.rendered(),
    );
    this.focus = new GridFocus(byId('grid-rows'), {
      rowCount: () => this.entries.length,
      columnCount: () => LEADING_COLUMNS + this.columns.nodes.length + 1,
      rowsInSight: () => this.window.rowsInSight,
      keyAt: (row) => this.entries[row]?.[0],
      indexOf: (key) => this.indexes.get(key) ?? -1,
      reveal: (row) => this.window.reveal(row, this.head.offsetHeight),
    });
    this.listen(context);
  }

  show(state: DashboardState, before: DashboardState | undefined): void {
    this.state = state;
    this.showAge(state);
    this.openByItself ??= opensByItself(Object.values(state.tables));
    const columnsChanged = this.showColumns(state);
    if (!columnsChanged && state.tables === before?.tables) return;
    this.showRows();
    if (columnsChanged) for (const row of this.drawn.values()) row.columnsChanged();
  }

  private listen(context: PageContext): void {
    const text = byId('table-filter') as HTMLInputElement;
    const unhealthy = byId('unhealthy-only') as HTMLInputElement;
    const filtered = () => {
      this.filter = { text: text.value, unhealthyOnly: unhealthy.checked };
      this.showRows();
    };
    text.addEventListener('input', filtered);
    unhealthy.addEventListener('change', filtered);
    byId('open-all').addEventListener('click', () => this.openAll(true));
    byId('close-all').addEventListener('click', () => this.openAll(false));
    byId('new-table').addEventListener('click', () => context.openNewTable());
  }

  private isOpen(appId: number): boolean {
    return this.toggled.has(appId) !== (this.openByItself ?? true);
  }

  private toggle(appId: number): void {
    if (!this.toggled.delete(appId)) this.toggled.add(appId);
    this.showRows();
  }

  private openAll(open: boolean): void {
    this.toggled.clear();
    this.openByItself = open;
    this.showRows();
  }

  private showAge(state: DashboardState): void {
    const stale = this.age.of(state);
    const notice = byId('tables-stale');
    notice.hidden = stale === null;
    setText(notice, stale ?? '');
    setAttribute(byId('tables-panel'), 'data-stale', stale !== null);
  }

  /** @returns whether nodes have come, died or returned */
  private showColumns({ nodes, servers }: DashboardState): boolean {
    const dead = nodes.map(({ instance }) => (instance === null ? false : isGone(servers[instance])));
    const same = nodes === this.columns.nodes && dead.every((each, i) => each === this.columns.dead[i]);
    if (same) return false;
    this.columns = { nodes, dead };
    const places = [...this.head.querySelectorAll('.node')];
    places.forEach((place) => place.remove());
    const last = this.head.lastElementChild;
    nodes.forEach((node, i) => this.head.insertBefore(nodeHeading(node, dead[i] === true), last));
    setAttribute(this.grid, 'aria-colcount', LEADING_COLUMNS + nodes.length + 1);
    return true;
  }

  private showRows(): void {
    if (this.state === undefined) return;
    const tables = tablesShown(this.state.tables, this.filter);
    this.entries = this.rows.rows(tables, (appId) => this.isOpen(appId), this.columns.nodes.length);
    this.indexes = new Map(this.entries.map(([key], i) => [key, i]));
    setAttribute(this.grid, 'aria-rowcount', this.entries.length + 1);
    const all = Object.keys(this.state.tables).length;
    const shown =
      tables.length === all ? countText(all, 'table') : `${tables.length} of ${countText(all, 'table')}`;
    setText(byId('tables-shown'), shown);
    byId('no-tables').hidden = this.entries.length > 0;
    setText(
      byId('no-tables'),
      all > 0
        ? 'No table is like that.'
        : this.state.cluster.leader === null
          ? 'No table is known.'
          : 'No tables yet.',
    );
    this.window.show(this.entries);
  }

  private rendered(): void {
    for (const [key, { element: row }] of this.drawn) {
      if (!row.isConnected) this.drawn.delete(key);
      else setAttribute(row, 'aria-rowindex', (this.indexes.get(key) ?? 0) + 2);
    }
    this.focus.refresh();
  }
}

function isGone(server: ServerEntry | undefined): boolean {
  return server !== undefined && isDead(server);
}

function nodeHeading(node: NodeEntry, dead: boolean): HTMLTableCellElement {
  const name = nodeName(node);
  return element(
    'th',
    { scope: 'col', class: 'node', title: dead ? `${node.node}, dead` : node.node, 'data-dead': dead },
    name.replace(/^replica/, 'r'),
    spoken(name.startsWith('replica') ? ` (${name})` : ''),
    dead ? element('span', { class: 'dead-mark' }, 'dead') : null,
  );
}
