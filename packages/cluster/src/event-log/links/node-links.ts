import { BEACONS } from '../hindering-fault';
import type { Way } from '../hindering-fault';
import { endedBefore, msBetween, troubleOf } from '../instance-trouble';
import { silenceOf } from '../silences';
import type { Links } from './link';

/** Why a leader counts a node alive or dead. */
export const NODE_LINKS = {
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
} satisfies Links;
