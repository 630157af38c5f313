import type { SeededRandom } from '../support/seeded-random';

const METAS = ['meta1', 'meta2', 'meta3'] as const;
const REPLICAS = ['replica1', 'replica2', 'replica3'] as const;
export const SERVERS = [...METAS, ...REPLICAS, 'collector'] as const;
type Server = (typeof SERVERS)[number];

/** Small enough that most operations meet a table that is there. */
const TABLES = ['a', 'b', 'c'] as const;
/** `stat` and `temp` have the first two ids. */
const FIRST_OWN_ID = 3;
/** What servers say to each other, as far as losing it or having it late leads somewhere. */
const WITH_METAS = [
  'RPC_FD_FAILURE_DETECTOR_PING',
  'RPC_CM_CONFIG_SYNC',
  'RPC_CM_UPDATE_PARTITION_CONFIGURATION',
  'RPC_CONFIG_PROPOSAL',
] as const;
const WITH_REPLICAS = [...WITH_METAS, 'RPC_PREPARE', 'RPC_GROUP_CHECK', 'RPC_LEARN'] as const;

/** One command line of the chaos. */
export interface Move {
  readonly words: readonly string[];
  /**
   * Whether the command has to succeed whatever state the cluster is in. Operations on tables and faults may be refused: there is no
   * leader, no such table, the server has left by design.
   */
  readonly mustSucceed: boolean;
}

type Kind = 'life' | 'pause' | 'cut' | 'message' | 'session' | 'table' | 'heal';

/** How often each is chosen, relative to the others. */
const WEIGHTS: readonly (readonly [Kind, number])[] = [
  ['life', 8],
  ['table', 5],
  ['cut', 3],
  ['message', 3],
  ['pause', 2],
  ['session', 1],
  ['heal', 3],
];

/** Chooses what is done next: the same seed gives the same moves. It remembers what it has stopped and paused. */
export class Moves {
  private readonly down = new Set<Server>();
  private readonly paused = new Set<Server>();

  constructor(private readonly random: SeededRandom) {}

  next(): Move {
    switch (this.kind()) {
      case 'life':
        return this.life();
      case 'pause':
        return this.pause();
      case 'cut':
        return this.cut();
      case 'message':
        return this.message();
      case 'session':
        return refusable('fault', 'expire-session', this.random.pick(METAS));
      case 'table':
        return this.table();
      case 'heal':
        this.paused.clear();
        return { words: ['fault', 'clear'], mustSucceed: false };
    }
  }

  private kind(): Kind {
    const all = WEIGHTS.reduce((sum, [, weight]) => sum + weight, 0);
    let lot = this.random.below(all);
    for (const [kind, weight] of WEIGHTS) {
      if (lot < weight) return kind;
      lot -= weight;
    }
    return 'heal';
  }

  private life(): Move {
    const { random, down, paused } = this;
    const server = random.pick(SERVERS);
    if (down.delete(server)) return { words: ['start', server, '--no-wait'], mustSucceed: true };
    // SIGTERM waits until a paused process goes on.
    const verb = paused.delete(server) ? 'kill' : random.pick(['kill', 'stop', 'restart']);
    if (verb === 'restart') return { words: [verb, server, '--no-wait'], mustSucceed: true };
    down.add(server);
    // A meta may have left by design, its session expired: there is nothing to kill.
    return { words: [verb, server], mustSucceed: verb === 'stop' || !server.startsWith('meta') };
  }

  private pause(): Move {
    const { random, paused } = this;
    const server = random.pick(SERVERS);
    const verb = paused.delete(server) ? 'resume' : 'pause';
    if (verb === 'pause' && !this.down.has(server)) paused.add(server);
    return refusable(verb, server);
  }

  private cut(): Move {
    const { random } = this;
    const server = random.pick(SERVERS);
    const others = SERVERS.filter((other) => other !== server);
    const peers = server.startsWith('meta') ? ['zookeeper', ...others] : others;
    const from = random.below(4) === 0 ? [] : ['--from', peers[random.below(peers.length)] ?? 'meta1'];
    const http = random.below(3) === 0 ? ['--http'] : [];
    return refusable('fault', 'cut', server, ...from, ...http, ...this.lasting());
  }

  private message(): Move {
    const { random } = this;
    const verb = random.pick(['drop', 'delay']);
    const server = random.pick([...METAS, ...REPLICAS]);
    const codes = server.startsWith('meta') ? WITH_METAS : WITH_REPLICAS;
    const words = ['fault', verb, server, '--rpc', random.pick<string>(codes)];
    const chance = [
      '--probability',
      String(random.pick([0.2, 0.5, 1])),
      '--seed',
      String(random.below(1000)),
    ];
    const late = verb === 'delay' ? ['--ms', String(random.pick([20, 200, 2000]))] : [];
    return refusable(...words, ...chance, ...late, ...this.lasting());
  }

  /** Some heal by themselves, the others with the next `fault clear`. */
  private lasting(): readonly string[] {
    return this.random.below(2) === 0 ? [] : ['--for', `${this.random.pick([1, 3])}s`];
  }

  private table(): Move {
    const { random } = this;
    const name = random.pick(TABLES);
    switch (random.pick(['create', 'create', 'drop', 'recall', 'env', 'rename', 'replica-count'])) {
      case 'create':
        return refusable('app', 'create', name, '-p', String(1 + random.below(4)), '--no-wait');
      case 'drop':
        return refusable('app', 'drop', name);
      case 'recall':
        return refusable('app', 'recall', String(FIRST_OWN_ID + random.below(4)));
      case 'env':
        return refusable('app', 'env', name, 'set', `default_ttl=${random.below(1000)}`);
      case 'rename':
        return refusable('app', 'rename', name, random.pick(TABLES));
      default:
        return refusable('app', 'replica-count', name, String(2 + random.below(2)));
    }
  }
}

function refusable(...words: readonly string[]): Move {
  return { words, mustSucceed: false };
}
