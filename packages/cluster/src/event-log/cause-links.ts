import type { EventType, LoggedEvent } from '@onebox/server';
import type { EventOf, History } from './history';
import { commandFor, endedBefore, msBetween, troubleOf } from './instance-trouble';
import { AMONG_REPLICAS, BEACONS } from './hindering-fault';
import type { Way } from './hindering-fault';
import { commandForLevel, commandForTable } from './leader-requests';
import { graceOf, sessionSilence, silenceOf } from './silences';

export type Link<T extends EventType = EventType> = (
  event: EventOf<T>,
  history: History,
) => LoggedEvent | undefined;

type Links = { readonly [T in EventType]?: Link<T> };

/** Commands that end a whole cluster. */
const ENDS: ReadonlySet<string> = new Set(['stop', 'restart']);
const REMOVALS: ReadonlySet<string> = new Set(['CT_REMOVE', 'CT_DOWNGRADE_TO_INACTIVE']);

/**
 * What leads to an event of a type, as far as nobody named it: a server does not know who killed another one, and the wire does not
 * carry what was told before. Each looks at what was before the event only.
 */
export const LINKS: Links = {
  // Processes.
  'server-started': (event, history) => commandFor(event, event.server, ['start', 'restart'], history),
  'server-died': (event, history) => {
    const { instance } = event;
    const started = history.latest(event, 'server-started', ({ server }) => server === instance);
    const exits = history.latest(event, 'server-exits', ({ server }) => server === instance);
    const command = commandFor(event, instance, ['kill', 'stop', 'restart'], history);
    return history.since(started, exits) ?? history.since(started, command);
  },
  'server-exits': (event, history) => {
    const isOwn = ({ server }: LoggedEvent) => server === event.server;
    const cause = history.last(
      commandFor(event, event.server, ['stop', 'restart'], history),
      history.latest(event, 'session-expired', isOwn),
      history.latest(event, 'election-lost', isOwn),
    );
    return history.since(history.latest(event, 'server-started', isOwn), cause);
  },

  // What was done on purpose: told by the command, and by the server that enforces it.
  paused: (event, history) => commandFor(event, event.instance, ['pause'], history),
  resumed: (event, history) => {
    const verbs = event.how === undefined ? ['resume', 'fault clear'] : ['kill', 'stop', 'restart'];
    return commandFor(event, event.instance, verbs, history);
  },
  'fault-set': (event, history) =>
    event.server === 'onebox'
      ? undefined
      : history.latest(
          event,
          'fault-set',
          ({ server, fault }) => server === 'onebox' && fault === event.fault,
        ),
  'fault-ended': (event, history) => {
    const { fault, how } = event;
    const set = history.latest(event, 'fault-set', (each) => each.fault === fault);
    const cleared = history.latest(
      event,
      'fault-ended',
      (each) => each.server === 'onebox' && each.fault === fault,
    );
    const stopped =
      how === 'ended with the cluster'
        ? history.latest(event, 'command', ({ verb, instance }) => instance === null && ENDS.has(verb))
        : undefined;
    return history.since(set, history.last(cleared, stopped)) ?? set;
  },

  // ZooKeeper and the election.
  'session-opened': (event, history) => {
    const isOwn = ({ server }: LoggedEvent) => server === event.server;
    // It is opened before the server listens, which is when its start is told.
    return history.last(
      history.latest(event, 'server-started', isOwn),
      commandFor(event, event.server, ['start', 'restart'], history),
    );
  },
  'session-suspended': (event, history) => {
    const isOwn = ({ server }: LoggedEvent) => server === event.server;
    const goes = history.last(
      history.latest(event, 'session-opened', isOwn),
      history.latest(event, 'session-resumed', isOwn),
    );
    const withinMs = sessionSilence(event, event.server, history);
    const trouble = history.last(
      troubleOf(event, { between: [event.server, 'zookeeper'] }, history, withinMs),
      troubleOf(event, { between: ['zookeeper', event.server] }, history, withinMs),
    );
    return history.since(goes, trouble);
  },
  'session-resumed': (event, history) =>
    endedBefore(
      event,
      { between: [event.server, 'zookeeper'] },
      history,
      sessionSilence(event, event.server, history),
    ),
  'session-expired': (event, history) => {
    const isOwn = ({ server }: LoggedEvent) => server === event.server;
    const toZooKeeper: Way = { between: [event.server, 'zookeeper'] };
    const withinMs = sessionSilence(event, event.server, history);
    const trouble = troubleOf(event, toZooKeeper, history, withinMs);
    // One that was cut off hears of it when the cut has ended, whose text says what it was.
    const ended = endedBefore(event, toZooKeeper, history, withinMs);
    const cause = trouble?.type === 'fault-set' && ended?.type === 'fault-ended' ? ended : trouble;
    return history.since(history.latest(event, 'session-opened', isOwn), history.last(trouble, cause));
  },
  'election-won': (event, history) => {
    const before = history.latest(event, 'election-won');
    if (before === undefined || before.server === event.server) return undefined;
    const isOwn = ({ server }: LoggedEvent) => server === before.server;
    const cause = history.last(
      troubleOf(
        event,
        { between: [before.server, 'zookeeper'] },
        history,
        sessionSilence(event, before.server, history),
      ),
      history.latest(event, 'session-expired', isOwn),
      history.latest(event, 'election-lost', isOwn),
    );
    // One that started later leads because it was started.
    const started = history.latest(event, 'server-started', ({ server }) => server === event.server);
    return history.since(history.last(before, started), cause);
  },
  'leader-seen': (event, history) => {
    const instance = history.instanceAt(event.leader);
    return instance === undefined
      ? undefined
      : history.latest(event, 'election-won', ({ server }) => server === instance);
  },

  // Nodes, as the leader sees them.
  'node-dead': (event, history) => {
    const instance = history.instanceAt(event.node);
    if (instance === undefined) return undefined;
    const way: Way = { between: [instance, event.server], rpc: BEACONS };
    const alive = history.latest(event, 'node-alive', ({ node }) => node === event.node);
    const trouble = history.since(alive, troubleOf(event, way, history, silenceOf(event, history)));
    if (trouble !== undefined) return trouble;
    // It sends its beacons to another meta server still: a new leader takes it for alive at first, and tells nothing.
    const elected = history.latest(event, 'election-won', ({ server }) => server === event.server);
    const found = history.latest(event, 'meta-found', ({ server }) => server === instance);
    const follows = found === undefined ? undefined : history.instanceAt(found.meta);
    return follows === undefined || follows === event.server ? undefined : history.since(alive, elected);
  },
  'node-alive': (event, history) => {
    const instance = history.instanceAt(event.node);
    if (instance === undefined) return undefined;
    const dead = history.latest(event, 'node-dead', ({ node }) => node === event.node);
    const silentFor = dead === undefined ? Infinity : msBetween(dead, event) + silenceOf(dead, history);
    return history.last(
      history.latest(
        event,
        'server-started',
        (each) => each.server === instance && msBetween(each, event) <= silentFor,
      ),
      endedBefore(event, { between: [instance, event.server], rpc: BEACONS }, history, silentFor),
      // It had another leader until then, and looked for this one.
      history.latest(
        event,
        'meta-lost',
        (each) =>
          each.server === instance &&
          history.instanceAt(each.meta) !== event.server &&
          msBetween(each, event) <= silentFor,
      ),
      history.latest(event, 'election-won', ({ server }) => server === event.server),
    );
  },

  // Tables and the function level: what a leader was asked for.
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

  // Partitions.
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

  // Replica servers.
  'meta-lost': (event, history) => {
    const instance = history.instanceAt(event.meta);
    const withinMs = graceOf(history);
    const leader = instance ?? 'nobody';
    const trouble = history.last(
      troubleOf(event, { between: [event.server, leader], rpc: BEACONS }, history, withinMs),
      troubleOf(event, { between: [leader, event.server], rpc: BEACONS }, history, withinMs),
    );
    const found = history.latest(event, 'meta-found', ({ server }) => server === event.server);
    return history.since(found, trouble);
  },
  'meta-found': (event, history) =>
    history.latest(event, 'election-won', ({ server }) => server === history.instanceAt(event.meta)),
  'lease-lost': (event, history) =>
    history.latest(event, 'meta-lost', ({ server }) => server === event.server),
  'replica-status': (event, history) => {
    const { server, partition, ballot } = event;
    return history.last(
      history.latest(
        event,
        'configuration-changed',
        (each) => each.partition === partition && each.ballot === ballot,
      ),
      history.latest(
        event,
        'learning-ended',
        (each) => each.partition === partition && each.server === server,
      ),
      history.latest(event, 'lease-lost', (each) => each.server === server),
    );
  },
  'learning-started': (event, history) =>
    history.latest(
      event,
      'proposal',
      ({ partition, node }) => partition === event.partition && history.instanceAt(node) === event.server,
    ),
  'learning-ended': (event, history) =>
    history.latest(
      event,
      'learning-started',
      ({ partition, server }) => partition === event.partition && server === event.server,
    ),
};

/** Types for which what the log says counts more than what the server named: it only knows its own side of it. */
export const KNOWN_BETTER: ReadonlySet<string> = new Set(['election-won', 'session-expired']);
