import type { LoggedEvent } from '@onebox/server';
import { AMONG_REPLICAS } from '../hindering-fault';
import type { Way } from '../hindering-fault';
import { troubleOf } from '../instance-trouble';
import { commandForLevel, commandForTable } from '../leader-requests';
import { graceOf } from '../silences';
import type { Links } from './link';

const REMOVALS: ReadonlySet<string> = new Set(['CT_REMOVE', 'CT_DOWNGRADE_TO_INACTIVE']);

/** Why tables, the function level and the members of partitions changed. */
export const PARTITION_LINKS = {
  'table-created': commandForTable,
  'table-dropped': commandForTable,
  'table-recalled': commandForTable,
  'table-renamed': commandForTable,
  'table-changed': commandForTable,
  'level-changed': commandForLevel,
  'balance-planned': (event, history) =>
    history.last(
      history.latest(event, 'level-changed', ({ to }) => to === 'lively'),
      history.latest(event, 'node-alive'),
    ),

  'configuration-changed': (event, history) => {
    const { partition, ballot, node, change } = event;
    const asked = history.latest(
      event,
      'update-asked',
      (each) => each.partition === partition && each.ballot === ballot,
    );
    if (asked !== undefined || !REMOVALS.has(change)) return asked;
    return history.latest(event, 'node-dead', (each) => each.node === node);
  },
  'update-asked': (event, history) => {
    const { partition, change, node } = event;
    const instance = history.instanceAt(node);
    if (REMOVALS.has(change) && instance !== undefined) {
      const way: Way = { between: [instance, event.server], rpc: AMONG_REPLICAS };
      const asked = history.latest(
        event,
        'proposal',
        (each) => each.partition === partition && each.node === node && REMOVALS.has(each.proposal),
      );
      const joined = history.latest(
        event,
        'configuration-changed',
        (each) => each.partition === partition && each.node === node,
      );
      return history.since(joined, history.last(asked, troubleOf(event, way, history, graceOf(history))));
    }
    const isOwn = ({ server }: LoggedEvent) => server === event.server;
    if (change === 'CT_PRIMARY_FORCE_UPDATE_BALLOT') {
      return history.last(
        history.latest(event, 'lease-lost', isOwn),
        history.latest(event, 'server-started', isOwn),
      );
    }
    const answered = history.last(
      history.latest(event, 'proposal', (each) => each.partition === partition && each.node === node),
      history.latest(
        event,
        'learning-ended',
        (each) => each.partition === partition && each.server === instance,
      ),
    );
    // A proposal from before the last change was for another ballot.
    const changed = history.latest(event, 'configuration-changed', (each) => each.partition === partition);
    return history.since(changed, answered);
  },
  proposal: (event, history) => {
    const { origin, partition, node } = event;
    if (origin === 'death') return history.latest(event, 'node-dead', (each) => each.node === node);
    if (origin === 'balancer') return history.latest(event, 'balance-planned');
    if (origin === 'request') return undefined;
    const changed = history.latest(event, 'configuration-changed', (each) => each.partition === partition);
    if (event.proposal === 'CT_UPGRADE_TO_PRIMARY' && changed !== undefined) return changed;
    return history.last(
      changed,
      history.latest(event, 'node-alive', (each) => each.node === node),
    );
  },
} satisfies Links;
