import { SeededRandom } from '../../support/seeded-random';
import { JuteWriter } from './jute';
import { RandomOperations } from './random-operations';
import { OBSERVER } from './script';
import type { Greeting, Step } from './script';

/** Longer than any script takes, so that only those end that are meant to. */
const LONG_MS = 60_000;
/** Long enough for the few steps that lie between a client's arrival and its end. */
const SHORT_MS = 600;
const CLIENTS = 4;
const MOST_AT_ONCE = 6;

const hello = (): JuteWriter => new JuteWriter().int(0).long(0n).int(5000).long(0n);

/** What is no connect request; the server closes. */
const BABBLE = [
  ...['00000000', '0000000400000000', 'ffffffff', '7fffffff00', '0010000000'].map((hex) =>
    Buffer.from(hex, 'hex'),
  ),
  Buffer.from('GET / HTTP/1.1\r\n\r\n'),
  hello().frame(),
  // A password that goes beyond the frame, and one that goes beyond everything.
  hello().int(16).frame(),
  hello().int(0x7fffffff).frame(),
].map((bytes) => bytes.toString('hex'));

/** Draws a script of about so many steps. The same seed and root give the same script. Its sessions end with it. */
export function randomScript(seed: number, steps: number, root: string): readonly Step[] {
  const writer = new ScriptWriter(new SeededRandom(seed), root);
  return [...writer.write(steps), ...writer.leaveAll()];
}

/** As {@link randomScript}, but whoever came stays. */
export function unfinishedScript(seed: number, steps: number, root: string): readonly Step[] {
  return new ScriptWriter(new SeededRandom(seed), root).write(steps);
}

/** The numbers of the clients of a script. */
export const ALL_CLIENTS: readonly number[] = [OBSERVER, ...Array.from({ length: CLIENTS }, (_, i) => i + 1)];

class ScriptWriter {
  private readonly operations: RandomOperations;
  private readonly steps: Step[] = [];

  constructor(
    private readonly random: SeededRandom,
    root: string,
  ) {
    this.operations = new RandomOperations(random, root);
    this.steps.push({
      do: 'ask',
      client: OBSERVER,
      operations: [
        {
          ...{ op: 'create', path: root, data: null, flags: 0 },
          acl: [{ perms: 31, scheme: 'world', id: 'anyone' }],
        },
      ],
    });
  }

  write(count: number): readonly Step[] {
    for (let client = 1; client <= CLIENTS; client += 1) this.connect(client);
    while (this.steps.length < count) this.one();
    return this.steps;
  }

  /** Sessions left behind would end by themselves in the middle of the next script. */
  leaveAll(): readonly Step[] {
    return ALL_CLIENTS.toReversed().flatMap(leaving);
  }

  private one(): void {
    const { random } = this;
    const client = 1 + random.below(CLIENTS);
    const kind = random.below(300);
    if (kind === 0) this.shortLife();
    else if (kind < 5) this.steps.push(...leaving(client));
    else if (kind < 14) this.steps.push({ do: 'drop', client });
    else if (kind < 30) this.connect(client);
    else if (kind < 48) this.attach(client);
    else if (kind < 60) {
      this.steps.push({ do: 'ask', client, operations: [this.operations.dangerous()] });
      this.attach(client);
    } else if (kind < 62) this.steps.push({ do: 'babble', hex: BABBLE[random.below(BABBLE.length)] ?? '' });
    else this.ask(random.below(CLIENTS + 1));
  }

  private ask(client: number): void {
    const operations = Array.from({ length: 1 + this.random.below(MOST_AT_ONCE) }, () =>
      this.operations.next(),
    );
    this.steps.push({ do: 'ask', client, operations });
  }

  private connect(client: number): void {
    const { random } = this;
    const readOnly = random.pick([false, false, true, null]);
    // Below and above what is granted, too, but never so short that the session ends too soon.
    const timeoutMs = random.pick([LONG_MS, LONG_MS - 1, 2 * LONG_MS, 2 ** 31 - 1]);
    this.steps.push({
      ...{ do: 'connect', client },
      greeting: {
        ...{ timeoutMs, readOnly, protocolVersion: random.pick([0, 0, 1, -1]) },
        passwordBytes: random.pick([16, 16, 0, null, 3]),
        fromTheFuture: random.below(15) === 0,
      },
    });
  }

  private attach(client: number): void {
    const { random } = this;
    const greeting: Greeting = {
      timeoutMs: LONG_MS,
      readOnly: random.pick([false, null]),
      fromTheFuture: random.below(20) === 0,
    };
    const password = random.below(6) === 0 ? random.pick(['wrong', 'short'] as const) : 'right';
    this.steps.push({ do: 'attach', client, greeting, password, takesOver: random.below(2) === 0 });
    if (random.below(2) === 0) {
      const operations = [this.operations.setWatches(random.below(30))];
      this.steps.push({ do: 'ask', client, operations });
    }
  }

  /** A session that leaves ephemerals behind and ends by its time-out. */
  private shortLife(): void {
    const client = CLIENTS + 1;
    this.steps.push({
      do: 'connect',
      client,
      greeting: { timeoutMs: this.random.pick([SHORT_MS, 1, -1, 0]) },
    });
    this.ask(client);
    this.ask(client);
    this.steps.push({ do: 'expire', client });
  }
}

function leaving(client: number): readonly Step[] {
  return [
    { do: 'attach', client, password: 'right', takesOver: false, greeting: { timeoutMs: LONG_MS } },
    { do: 'ask', client, operations: [{ op: 'close' }] },
  ];
}
