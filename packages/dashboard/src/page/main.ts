import { actionCommand } from '../model';
import type { ActionAnswer, ActionRequest, DashboardState } from '../model';
import { ActingButtons } from './acting-buttons';
import { BannerView } from './banner-view';
import { Connection } from './connection';
import { DashboardClient } from './dashboard-client';
import { Dialog } from './dialog';
import { openNewTable, openServer, openTable } from './dialogs';
import { EventsView } from './events-view';
import { FactsView } from './facts-view';
import { FaultsView } from './faults-view';
import { OutcomeView } from './outcome-view';
import type { PageContext, View } from './page-context';
import { ServersView } from './servers-view';
import { TablesView } from './tables-view';
import { ZooKeeperView } from './zookeeper-view';

const token = encodeURIComponent(new URLSearchParams(location.search).get('token') ?? '');
let shown: DashboardState | undefined;

const client = new DashboardClient(token, () => connection.serverTime());
const dialog = new Dialog();
const outcome = new OutcomeView();
const acting = new ActingButtons();
const context: PageContext = {
  clusterName: () => shown?.cluster.name ?? 'onebox',
  run: (action) => void run(action),
  submit: async (action, isOpen) => {
    const answer = await run(action);
    if (!answer.ok && isOpen()) outcome.hide();
    return answer;
  },
  acts: (button) => acting.add(button),
  partitionEvents: (partition) => client.partitionEvents(partition),
  explain: (partition) => events.explain(partition),
  openServer: (instance, asking) => shown && openServer(dialog, context, shown, instance, asking),
  openTable: (appId) => shown && openTable(dialog, context, shown, appId),
  openNewTable: () => openNewTable(dialog, context),
};
const events = new EventsView(context);
const banner = new BannerView(() => connection.now());
const views: readonly View[] = [
  banner,
  new FactsView(context),
  new ServersView(context),
  new FaultsView(context),
  new ZooKeeperView(),
  new TablesView(context),
  events,
];

async function run(action: ActionRequest): Promise<ActionAnswer> {
  const command = actionCommand(action, context.clusterName());
  outcome.begins(command);
  const answer = await client.act(action);
  outcome.ends(answer, command);
  return answer;
}

const connection = new Connection(`state?token=${token}`, {
  state: (state, before, whole) => {
    const first = shown === undefined;
    shown = state;
    for (const view of views) view.show(state, before);
    if (whole && !first) events.reconnected();
    if (!first) return;
    document.body.classList.add('ready');
    // A task after the next frame: what was shown is on the screen.
    requestAnimationFrame(() => setTimeout(() => performance.mark('onebox-painted')));
  },
  link: (link, heardAt) => {
    acting.enable(link === 'live');
    banner.showLink(link, heardAt);
  },
});
connection.show(!document.hidden);
addEventListener('online', () => connection.now());
document.addEventListener('visibilitychange', () => connection.show(!document.hidden));
