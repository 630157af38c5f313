import { actionCommand } from '../model';
import type { DashboardState, FaultEntry } from '../model';
import { CommandLine } from './command-line';
import { byId, element, setText, spoken } from './element';
import { KeyedRows } from './keyed-rows';
import type { Row } from './keyed-rows';
import type { PageContext, View } from './page-context';
import { durationText } from './quantity-text';

const COUNTDOWN_EVERY_MS = 500;

/** What stands in the way of the cluster on purpose, when it heals, and how it is ended. */
export class FaultsView implements View {
  private readonly rows: KeyedRows<FaultEntry>;
  private readonly clearAll = byId('clear-faults');
  private faults: DashboardState['faults'] | undefined;

  constructor(private readonly context: PageContext) {
    this.rows = new KeyedRows(byId('faults-rows'), (fault) => new FaultRow(context, fault));
    this.clearAll.addEventListener('click', () => this.context.run({ verb: 'fault clear' }));
    setInterval(() => this.tick(), COUNTDOWN_EVERY_MS);
  }

  show({ faults }: DashboardState): void {
    if (faults === this.faults) return;
    this.faults = faults;
    const entries = Object.entries(faults);
    const hadFocus = byId('faults-panel').contains(document.activeElement);
    this.rows.show(entries);
    setText(byId('fault-count'), entries.length === 0 ? '' : String(entries.length));
    byId('fault-count').hidden = entries.length === 0;
    byId('no-faults').hidden = entries.length > 0;
    byId('faults-table').hidden = entries.length === 0;
    this.clearAll.hidden = entries.length === 0;
    // Whoever has just cleared a fault stays here, although the button has gone.
    if (hadFocus && !isSeen(document.activeElement)) byId('faults-heading').focus({ preventScroll: true });
    this.clearAll.title = actionCommand({ verb: 'fault clear' }, this.context.clusterName());
  }

  private tick(): void {
    if (document.body.dataset['link'] !== 'live') return;
    for (const id of Object.keys(this.faults ?? {})) (this.rows.get(id) as FaultRow | undefined)?.tick();
  }
}

class FaultRow implements Row<FaultEntry> {
  readonly element: HTMLElement;
  private readonly text = element('td');
  private readonly heals = element('td', { class: 'number' });
  private readonly command: CommandLine;
  private until: number | null = null;

  constructor(context: PageContext, { id, instance, kind, clear }: FaultEntry) {
    const about = { type: 'button', title: clear };
    const button = context.acts(element('button', about, 'Clear', spoken(` ${id}`)));
    button.addEventListener('click', () => {
      context.run(kind === 'pause' ? { verb: 'resume', instance } : { verb: 'fault clear', id });
    });
    this.command = new CommandLine(clear);
    const ends = element('td', {}, element('div', { class: 'buttons' }, button, this.command.element));
    const name = element('th', { scope: 'row', class: 'mono' }, id);
    this.element = element('tr', {}, name, this.text, this.heals, ends);
  }

  update({ text, until, clear }: FaultEntry): void {
    setText(this.text, text);
    this.until = until;
    this.command.set(clear);
    this.tick();
  }

  tick(): void {
    const left = this.until === null ? undefined : this.until - Date.now();
    setText(
      this.heals,
      left === undefined ? 'when cleared' : left > 0 ? `in ${durationText(left + 999)}` : 'now',
    );
  }
}

function isSeen(focused: Element | null): boolean {
  return focused instanceof HTMLElement && focused !== document.body && focused.offsetParent !== null;
}
