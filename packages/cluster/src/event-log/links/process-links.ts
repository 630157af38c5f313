import type { LoggedEvent } from '@onebox/server';
import { commandFor } from '../instance-trouble';
import type { Links } from './link';

/** Commands that end a whole cluster. */
const ENDS: ReadonlySet<string> = new Set(['stop', 'restart']);

/** Why processes started and ended, and what was done to them on purpose: told by the command, and by the server that enforces it. */
export const PROCESS_LINKS = {
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
} satisfies Links;
