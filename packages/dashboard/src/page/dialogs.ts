import type { ActionRequest, DashboardState } from '../model';
import { actionForm, labelled, numberField } from './action-form';
import { actionList } from './action-list';
import type { Dialog } from './dialog';
import { dialogHeading } from './dialog';
import { element } from './element';
import { faultForm } from './fault-fieldset';
import type { PageContext } from './page-context';
import { serverOffers } from './server-actions';
import { roleWords, stateWords } from './server-words';

/** What a meta server takes at most; of replicas it may be told to take less. */
const MOST_PARTITIONS = 16_384;
const MOST_REPLICAS = 100;

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
  // A name that begins like an option of the command would not be one there.
  const named = { required: true, spellcheck: 'false', pattern: '\\s*[^\\s\\-].*' };
  const name = element('input', { name: 'name', value: 'users', ...named });
  const partitions = numberField('partitions', '4', {
    min: 1,
    max: MOST_PARTITIONS,
    step: 1,
    required: true,
  });
  const replicas = numberField('replicas', '3', { min: 1, max: MOST_REPLICAS, step: 1, required: true });
  const form = actionForm(context, {
    label: 'New table',
    button: element('button', { class: 'primary' }, 'Create'),
    parts: [
      element(
        'div',
        { class: 'fields' },
        labelled('name', name),
        labelled('partitions', partitions),
        labelled('replicas', replicas),
      ),
    ],
    fields: { name, partitions, replicas },
    request: () => ({
      verb: 'app create',
      name: name.value.trim(),
      partitions: Number(partitions.value),
      replicas: Number(replicas.value),
    }),
    done: dialog.close,
  });
  dialog.open('New table', form);
}
