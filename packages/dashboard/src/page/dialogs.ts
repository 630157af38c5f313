import type { ActionRequest, DashboardState } from '../model';
import { actionCommand } from '../model';
import { actionList } from './action-list';
import { CommandLine } from './command-line';
import type { Dialog } from './dialog';
import { dialogHeading } from './dialog';
import { element } from './element';
import { faultForm, labelled, number } from './fault-fieldset';
import type { PageContext } from './page-context';
import { serverOffers } from './server-actions';
import { roleWords, stateWords } from './server-words';

/** What can be done with a server, and how it can be broken. */
export function openServer(
  dialog: Dialog,
  context: PageContext,
  state: DashboardState,
  instance: string,
  asking?: ActionRequest['verb'],
): void {
  const server = state.servers[instance];
  if (server === undefined) return;
  const about = element(
    'p',
    { class: 'muted' },
    `${roleWords(server)}, ${stateWords(server).text}, ${server.address}`,
  );
  const offers = serverOffers(server);
  // A question that was asked for is all there is to see.
  if (asking !== undefined) {
    const asked = offers.filter(({ action }) => action.verb === asking);
    dialog.open(instance, about, actionList(context, asked, dialog.close, asking));
    return;
  }
  const breakable = server.state === 'running' && server.role !== 'zookeeper';
  const peers = Object.values(state.servers).map(({ name }) => name);
  dialog.open(
    instance,
    about,
    actionList(context, offers, dialog.close),
    breakable ? dialogHeading('Break it on purpose') : null,
    breakable
      ? faultForm(
          context,
          instance,
          peers.filter((name) => name !== instance),
          dialog.close,
        )
      : null,
  );
}

/** What can be done with a table. */
export function openTable(dialog: Dialog, context: PageContext, state: DashboardState, appId: number): void {
  const table = state.tables[appId];
  if (table === undefined) return;
  const { name, partitionCount, replicaCount, status } = table;
  const words = `id ${appId}, ${status.toLowerCase()}, ${partitionCount} partitions of ${replicaCount} replicas`;
  const explain = element('button', { type: 'button' }, 'Events of this table');
  explain.addEventListener('click', () => {
    dialog.close();
    context.explain(String(appId));
  });
  const drop = {
    label: 'Drop',
    explains: 'It can be recalled until its time is over.',
    action: { verb: 'app drop', name },
    asks: `Drop table ${name}?`,
  } as const;
  dialog.open(
    `Table ${name}`,
    element('p', { class: 'muted' }, words),
    explain,
    actionList(context, [drop], dialog.close),
  );
}

/** A form for a new table. */
export function openNewTable(dialog: Dialog, context: PageContext): void {
  const name = element('input', { name: 'name', required: true, value: 'users', spellcheck: 'false' });
  const partitions = number('partitions', '4', { min: 1 });
  const replicas = number('replicas', '3', { min: 1 });
  const request = (): ActionRequest => ({
    verb: 'app create',
    name: name.value.trim(),
    partitions: Number(partitions.value),
    replicas: Number(replicas.value),
  });
  const command = new CommandLine('');
  const changed = () => command.set(actionCommand(request(), context.clusterName()));
  const form = element(
    'form',
    { 'aria-label': 'New table' },
    element(
      'div',
      { class: 'fields' },
      labelled('name', name),
      labelled('partitions', partitions),
      labelled('replicas', replicas),
    ),
    element('div', { class: 'offer' }, element('button', { class: 'primary' }, 'Create'), command.element),
  );
  form.addEventListener('input', changed);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    dialog.close();
    context.run(request());
  });
  changed();
  dialog.open('New table', form);
}
