import type { LoggedEvent } from '@onebox/server';
import type { Way } from '../hindering-fault';
import { commandFor, endedBefore, troubleOf } from '../instance-trouble';
import { sessionSilence } from '../silences';
import type { Links } from './link';

/** Why sessions and elections went as they did. */
export const ZOOKEEPER_LINKS = {
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
} satisfies Links;
