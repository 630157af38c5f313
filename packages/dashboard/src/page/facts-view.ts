import type { DashboardState } from '../model';
import { byId, element, setText } from './element';
import type { PageContext, View } from './page-context';
import { countText } from './quantity-text';

const LEVELS = ['blind', 'freezed', 'steady', 'lively'] as const;

/** The facts about the cluster as a whole, with its function level to be set. */
export class FactsView implements View {
  private readonly level = byId('level') as HTMLSelectElement;

  constructor(private readonly context: PageContext) {
    byId('level-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const level = LEVELS.find((each) => each === this.level.value);
      if (level !== undefined) this.context.run({ verb: 'level', level });
    });
    this.level.append(...LEVELS.map((level) => element('option', { value: level }, level)));
  }

  show(state: DashboardState, before: DashboardState | undefined): void {
    const { cluster, tables } = state;
    if (cluster.functionLevel !== before?.cluster.functionLevel) {
      setText(byId('level-now'), cluster.functionLevel ?? 'unknown');
      if (cluster.functionLevel !== null) this.level.value = cluster.functionLevel;
    }
    setText(byId('leader'), cluster.leader ?? 'none');
    setText(byId('version'), cluster.pegasusVersion);
    setText(byId('time-scale'), `× ${cluster.timeScale}`);
    setText(byId('directory'), cluster.directory);
    if (tables === before?.tables) return;
    const all = Object.values(tables);
    const partitions = all.reduce((sum, { partitionCount }) => sum + partitionCount, 0);
    setText(byId('table-count'), `${countText(all.length, 'table')}, ${countText(partitions, 'partition')}`);
  }
}
