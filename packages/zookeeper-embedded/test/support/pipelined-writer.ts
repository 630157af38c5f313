import { type ZkSession, isZkError } from '@onebox/zookeeper';
import type { ZnodeReader } from './znode-reader';

/** Writes on their way at once. */
const IN_FLIGHT = 60;
/** Makes the log grow, so that snapshots come. */
const PADDING = 'x'.repeat(700);
/** The kinds of writes return after so many. */
const CYCLE = 12;

/** What a writer's nodes are like. */
export interface Written {
  readonly plain: { readonly names: readonly string[]; readonly cversion: number };
  readonly value: { readonly version: number; readonly last: number | undefined };
  readonly moved: { readonly names: readonly string[]; readonly cversion: number };
  readonly pair: { readonly version: number; readonly last: number | undefined };
  readonly bound: { readonly names: readonly string[]; readonly cversion: number };
  /** Of the queue that all have in common, in its order. */
  readonly queue: readonly number[];
}

/**
 * A session that writes as fast as it can, and knows what the tree must be like. Its writes are numbered, and what each does
 * follows from its number. A session's requests are executed in order: whatever happens, those of a round that took effect
 * are the first so many of it.
 */
export class PipelinedWriter {
  /** Numbers of the writes that took effect in earlier rounds. */
  private effective: number[] = [];
  /** The round: the number it began with, that of the next write, and of the first one without an answer. */
  private first = 0;
  private next = 0;
  private unanswered = 0;
  private inFlight = 0;
  private stopped = true;
  private idle: () => void = () => undefined;
  /** Errors that a server which dies does not explain. */
  readonly surprises: unknown[] = [];

  private constructor(
    readonly id: number,
    readonly session: ZkSession,
    private readonly onAcknowledged: () => void,
  ) {}

  static async create(id: number, session: ZkSession, onAcknowledged: () => void): Promise<PipelinedWriter> {
    for (const path of ['plain', 'moved', 'bound', 'value', 'pair'])
      await session.create(`/${path}${id}`, Buffer.alloc(0), 'persistent');
    return new PipelinedWriter(id, session, onAcknowledged);
  }

  /** Begins a round: writes until it is told to stop, or an answer does not come. */
  start(): void {
    this.first = this.next = this.unanswered = Math.ceil(this.next / CYCLE) * CYCLE;
    this.stopped = false;
    while (!this.stopped && this.inFlight < IN_FLIGHT) this.send();
  }

  /** Returns when every answer came, or will never come. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.inFlight > 0) await new Promise<void>((resolve) => (this.idle = resolve));
  }

  private send(): void {
    const n = this.next;
    this.next += 1;
    this.inFlight += 1;
    const answered = (): void => {
      if (this.unanswered !== n)
        this.surprises.push(`the answer to ${n} came before that to ${this.unanswered}`);
      this.unanswered = n + 1;
      this.onAcknowledged();
    };
    const failed = (error: unknown): void => {
      this.stopped = true;
      if (!isZkError(error, 'CONNECTION_LOSS')) this.surprises.push(error);
    };
    void this.write(n)
      .then(answered, failed)
      .finally(() => {
        this.inFlight -= 1;
        if (!this.stopped) this.send();
        else if (this.inFlight === 0) this.idle();
      });
  }

  private write(n: number): Promise<unknown> {
    const { session, id } = this;
    const data = Buffer.from(`${id}:${n}:${PADDING}`);
    switch (kindOf(n)) {
      case 'create':
        return session.create(`/plain${id}/${nameOf(n)}`, data, 'persistent');
      case 'remove':
        return session.remove(`/plain${id}/${nameOf(n - 5)}`);
      case 'set':
        return session.set(`/value${id}`, data);
      case 'multi':
        return session.multi([
          { op: 'create', path: `/moved${id}/${nameOf(n)}`, data },
          { op: 'set', path: `/pair${id}`, data },
        ]);
      case 'ephemeral':
        return session.create(`/bound${id}/${nameOf(n)}`, data, 'ephemeral');
      case 'sequential':
        return session.create('/queue/q-', data, 'persistent-sequential');
    }
  }

  /** What there is. @param queue numbers of this writer in the common queue, in its order */
  async read(reader: ZnodeReader, queue: readonly number[]): Promise<Written> {
    const { id } = this;
    const parent = async (path: string): Promise<Written['plain']> => ({
      names: (await reader.names(`${path}${id}`)).sort(),
      cversion: (await reader.node(`${path}${id}`)).cversion,
    });
    const counter = async (path: string): Promise<Written['value']> => {
      const { data, version } = await reader.node(`${path}${id}`);
      return { version, last: numberIn(data) };
    };
    return {
      plain: await parent('/plain'),
      moved: await parent('/moved'),
      bound: await parent('/bound'),
      value: await counter('/value'),
      pair: await counter('/pair'),
      queue,
    };
  }

  /** Ends a round: how many of its writes took effect, how many had to, and what there must be then. */
  settle(found: Written): { effective: number; acknowledged: number; sent: number; must: Written } {
    const { plain, value, pair, bound, queue } = found;
    const total = plain.cversion + value.version + pair.version + bound.cversion + queue.length;
    const effective = total - this.effective.length;
    for (let i = 0; i < effective; i += 1) this.effective.push(this.first + i);
    const { first } = this;
    return {
      effective,
      acknowledged: this.unanswered - first,
      sent: this.next - first,
      must: writtenBy(this.effective),
    };
  }
}

function writtenBy(numbers: readonly number[]): Written {
  const of = (kind: Kind): number[] => numbers.filter((n) => kindOf(n) === kind);
  const removed = new Set(of('remove').map((n) => n - 5));
  const names = (some: readonly number[]): string[] => some.map(nameOf);
  const [created, sets, multis, ephemerals] = [of('create'), of('set'), of('multi'), of('ephemeral')];
  return {
    plain: {
      names: names(created.filter((n) => !removed.has(n))),
      cversion: created.length + removed.size,
    },
    value: { version: sets.length, last: sets.at(-1) },
    moved: { names: names(multis), cversion: multis.length },
    pair: { version: multis.length, last: multis.at(-1) },
    bound: { names: names(ephemerals), cversion: ephemerals.length },
    queue: of('sequential'),
  };
}

type Kind = 'create' | 'remove' | 'set' | 'multi' | 'ephemeral' | 'sequential';

function kindOf(n: number): Kind {
  const kinds = ['create', 'set', 'multi', 'ephemeral', 'sequential'] as const;
  return kinds[n % 6] ?? (n % CYCLE === 11 ? 'remove' : 'create');
}

/** Sorted as text they are in the order of their numbers. */
function nameOf(n: number): string {
  return `n${String(n).padStart(7, '0')}`;
}

/** Which writer's, and which of its writes; undefined for a node nobody wrote. */
export function authorOf(data: Buffer): { readonly id: number; readonly n: number } {
  const [id, n] = data.toString('latin1').split(':').map(Number);
  return { id: id ?? -1, n: n ?? -1 };
}

function numberIn(data: Buffer): number | undefined {
  return data.length === 0 ? undefined : authorOf(data).n;
}
