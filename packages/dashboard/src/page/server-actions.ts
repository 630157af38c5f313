import type { ActionRequest, ServerEntry } from '../model';

/** Something to be done, as a person is offered it. */
export interface Offer {
  readonly label: string;
  readonly explains: string;
  readonly action: ActionRequest;
  /** What is asked before; null: it destroys nothing and is done at once. */
  readonly asks: string | null;
}

type Offers = Readonly<Record<'start' | 'resume' | 'pause' | 'restart' | 'stop' | 'kill' | 'expire', Offer>>;

function offersFor({ name, role }: ServerEntry): Offers {
  return {
    start: {
      label: 'Start',
      explains: 'Starts it with its data.',
      action: { verb: 'start', instance: name },
      asks: null,
    },
    resume: {
      label: 'Resume',
      explains: 'It goes on where it stood still (SIGCONT).',
      action: { verb: 'resume', instance: name },
      asks: null,
    },
    pause: {
      label: 'Pause',
      explains: 'It stands still, connections stay open (SIGSTOP).',
      action: { verb: 'pause', instance: name },
      asks: null,
    },
    restart: {
      label: 'Restart',
      explains: 'Ends it as an operator would, and starts it again.',
      action: { verb: 'restart', instance: name },
      asks: `Restart ${name}?`,
    },
    stop: {
      label: 'Stop',
      explains: 'Ends it as an operator would (SIGTERM).',
      action: { verb: 'stop', instance: name },
      asks: `Stop ${name}? It stays down until it is started.`,
    },
    kill: {
      label: 'Kill',
      explains: 'Ends it as a crash would (SIGKILL).',
      action: { verb: 'kill', instance: name },
      asks: `Kill ${name}? It stays down until it is started.`,
    },
    expire: {
      label: 'Expire session',
      explains: 'ZooKeeper ends its session, as an operator’s tool can.',
      action: { verb: 'fault expire-session', instance: name },
      asks: role === 'meta' ? `Expire the ZooKeeper session of ${name}? Its process ends.` : null,
    },
  };
}

/** What can be done with a server in the state it is in; nothing with a ZooKeeper that is not ours. */
export function serverOffers(server: ServerEntry): readonly Offer[] {
  const { start, resume, pause, restart, stop, kill, expire } = offersFor(server);
  switch (server.state) {
    case 'external':
      return [];
    case 'exited':
    case 'stopped':
      return [start];
    case 'frozen':
      return [resume, kill];
    case 'running':
      return [...(server.role === 'meta' ? [expire] : []), pause, restart, stop, kill];
  }
}

/** Those that stand in the servers' table; the others are behind `More`. */
const QUICK: readonly ActionRequest['verb'][] = ['start', 'resume', 'pause', 'kill'];

/** What is done most, out of {@link serverOffers}. */
export function quickOffers(server: ServerEntry): readonly Offer[] {
  return serverOffers(server).filter(({ action }) => QUICK.includes(action.verb));
}
