import { BEACONS } from '../hindering-fault';
import { troubleOf } from '../instance-trouble';
import { graceOf } from '../silences';
import type { Links } from './link';

/** What led to what replica servers tell. */
export const REPLICA_LINKS = {
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
} satisfies Links;
