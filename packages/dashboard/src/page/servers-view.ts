import { actionCommand } from '../model';
import type { DashboardState, ServerEntry } from '../model';
import { byId, element, setAttribute, setText } from './element';
import { KeyedRows } from './keyed-rows';
import type { Row } from './keyed-rows';
import type { PageContext, View } from './page-context';
import { durationText, memoryText } from './quantity-text';
import { quickOffers } from './server-actions';
import { endReason, otherWords, replicaWords, roleWords, stateWords, withKnownEnd } from './server-words';

const UPTIME_EVERY_MS = 1000;

/** The table of the servers. */
export class ServersView implements View {
  private readonly rows: KeyedRows<ServerEntry>;
  private servers: DashboardState['servers'] = {};

  constructor(context: PageContext) {
    this.rows = new KeyedRows(byId('servers-rows'), ({ name }) => new ServerRow(context, name));
    setInterval(() => this.tick(), UPTIME_EVERY_MS);
  }

  show({ servers, events }: DashboardState, before: DashboardState | undefined): void {
    if (servers === before?.servers && events === before.events) return;
    this.servers = servers;
    this.rows.show(Object.entries(servers));
    for (const [name, server] of Object.entries(servers))
      (this.rows.get(name) as ServerRow | undefined)?.explain(server, events);
  }

  private tick(): void {
    if (document.body.dataset['link'] !== 'live') return;
    for (const name of Object.keys(this.servers)) (this.rows.get(name) as ServerRow | undefined)?.tick();
  }
}

class ServerRow implements Row<ServerEntry> {
  readonly element = element('tr', { role: 'row' });
  private readonly state = element('span', { class: 'state' });
  private readonly why = element('span', { class: 'why' });
  private readonly roleCell = cell(null);
  private readonly pid = cell('PID', 'number');
  private readonly address = cell(null, 'mono');
  private readonly session = cell('Session', 'mono');
  private readonly replicas = cell('Replicas', 'replicas');
  private readonly restarts = cell('Restarts', 'number');
  private readonly memory = cell('RSS', 'number');
  private readonly uptime = cell('Uptime', 'number');
  private readonly faults = cell('Faults');
  private readonly buttons = element('div', { class: 'buttons' });
  private startedAt: number | null = null;
  private offered = '';

  constructor(
    private readonly context: PageContext,
    private readonly name: string,
  ) {
    this.element.dataset['server'] = name;
    this.element.append(
      element('th', { scope: 'row', role: 'rowheader' }, name),
      this.roleCell,
      element('td', { role: 'cell' }, this.state, this.why),
      this.address,
      this.pid,
      this.uptime,
      this.memory,
      this.restarts,
      this.session,
      this.replicas,
      this.faults,
      element('td', { role: 'cell', class: 'offered' }, this.buttons),
    );
  }

  update(server: ServerEntry): void {
    setText(this.roleCell, roleWords(server));
    setAttribute(this.element, 'data-leader', server.leader);
    setText(this.pid, server.pid?.toString() ?? '–');
    this.showAddress(server);
    setText(this.session, sessionText(server));
    setAttribute(this.session, 'title', server.session === null ? null : sessionTitle(server.session));
    setText(this.replicas, replicaWords(server));
    setAttribute(this.replicas, 'title', otherWords(server));
    setText(this.restarts, server.restarts?.toString() ?? '–');
    setText(this.memory, server.rssBytes === null ? '–' : memoryText(server.rssBytes));
    setText(this.faults, server.faults.length === 0 ? '–' : server.faults.join(', '));
    setAttribute(this.faults, 'class', server.faults.length === 0 ? null : 'faulty');
    this.startedAt = server.startedAt;
    this.tick();
    this.showButtons(server);
  }

  tick(): void {
    setText(this.uptime, this.startedAt === null ? '–' : durationText(Date.now() - this.startedAt));
  }

  /** What its log tells of how it ended. */
  explain(server: ServerEntry, events: DashboardState['events']): void {
    const { text, mood } = stateWords(withKnownEnd(server, events));
    setText(this.state, text);
    setAttribute(this.state, 'data-mood', mood);
    const why = endReason(server, events);
    setText(this.why, why ?? '');
    setAttribute(this.why, 'title', why);
  }

  private showAddress({ address, url }: ServerEntry): void {
    if (this.address.textContent === address) return;
    const link = { href: url, target: '_blank', rel: 'noreferrer' };
    this.address.replaceChildren(url === null ? address : element('a', link, address));
  }

  /** Buttons stay while the same things can be done, so that one keeps the focus. */
  private showButtons(server: ServerEntry): void {
    const offers = quickOffers(server);
    const offered = offers.map(({ label }) => label).join();
    if (offered === this.offered && offered !== '') return;
    this.offered = offered;
    const hadFocus = this.buttons.contains(document.activeElement);
    const buttons = offers.map(({ label, action, asks }) => {
      const command = actionCommand(action, this.context.clusterName());
      const about = { type: 'button', title: command, 'data-verb': action.verb };
      const button = this.context.acts(
        element('button', about, label, element('span', { class: 'spoken' }, ` ${this.name}`)),
      );
      button.addEventListener('click', () => {
        if (asks === null) this.context.run(action);
        else this.context.openServer(this.name, action.verb);
      });
      return button;
    });
    if (server.state !== 'external') {
      const more = element('button', { type: 'button', 'data-verb': 'more', class: 'quiet' }, 'More…');
      more.append(element('span', { class: 'spoken' }, ` for ${this.name}`));
      more.addEventListener('click', () => this.context.openServer(this.name));
      buttons.push(more);
    }
    this.buttons.replaceChildren(...buttons);
    if (hadFocus) buttons[0]?.focus();
  }
}

/** @param label what it is called where columns have no headings */
function cell(label: string | null, name?: string): HTMLTableCellElement {
  return element('td', { role: 'cell', class: name, 'data-label': label });
}

function sessionText({ session }: ServerEntry): string {
  if (session === null) return '–';
  return session.state === 'connected' ? session.id : `${session.id} ${session.state}`;
}

function sessionTitle({ state, timeoutMs, lockNode }: NonNullable<ServerEntry['session']>): string {
  const timeout = timeoutMs === null ? '' : `, time-out ${timeoutMs} ms`;
  return `${state}${timeout}${lockNode === null ? '' : `, lock node ${lockNode}`}`;
}
