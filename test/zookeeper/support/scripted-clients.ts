import { until } from '@onebox/base';
import { JuteReader, JuteWriter } from './jute';
import { ERR, XID, requestFrame, xidOf } from './operations';
import type { Operation } from './operations';
import { RawConnection } from './raw-connection';
import { decodeFrame } from './replies';
import type { Decoded, Naming } from './replies';
import { OBSERVER, standsAlone } from './script';
import type { Greeting, Step } from './script';

/** Everything that came during a step, by client. */
export type Observation = Readonly<Record<string, readonly Decoded[]>>;

const EXPIRES_WITHIN_MS = 15_000;
const PASSWORD_BYTES = 16;
const CLOSED: Decoded = { closed: true };

interface Client {
  connection: RawConnection | undefined;
  sessionId: bigint;
  password: Buffer;
  lastXid: number;
  readonly requests: Map<number, Operation>;
  /** The session has ended: the client may come with a new one. */
  over: boolean;
}

/** The clients of a script, at one server. */
export class ScriptedClients implements Naming {
  private readonly clients = new Map<number, Client>();
  private readonly names = new Map<bigint, string>();
  /** The newest zxid that any reply had. */
  private zxid = 0n;
  private flushedZxid = 0n;
  private seen: Record<string, Decoded[]> = {};

  constructor(private readonly port: number) {}

  owner(id: bigint): string {
    return this.names.get(id) ?? `0x${BigInt.asUintN(64, id).toString(16)}`;
  }

  close(): void {
    for (const { connection } of this.clients.values()) connection?.drop();
  }

  /** Does one step and waits until all it can cause has come: also what other clients get to see of it. */
  async perform(step: Step): Promise<Observation> {
    this.seen = {};
    switch (step.do) {
      case 'connect':
        await this.connect(step.client, step.greeting);
        break;
      case 'attach':
        await this.attach(step);
        break;
      case 'ask':
        await this.ask(step.client, step.operations);
        break;
      case 'drop':
        this.dropped(step.client);
        break;
      case 'expire':
        await this.expire(step.client);
        break;
      case 'babble':
        await this.babble(Buffer.from(step.hex, 'hex'));
        break;
    }
    await this.flush();
    return Object.fromEntries(
      Object.entries(this.seen).map(([client, frames]) => [
        client,
        endsSession(step) ? sortEvents(frames) : frames,
      ]),
    );
  }

  private note(client: number | string, decoded: Decoded): void {
    (this.seen[String(client)] ??= []).push(decoded);
  }

  private async connect(number: number, greeting: Greeting): Promise<void> {
    if (this.clients.get(number)?.over === false) return;
    const bytes = greeting.passwordBytes === undefined ? PASSWORD_BYTES : greeting.passwordBytes;
    const client: Client = {
      connection: undefined,
      sessionId: 0n,
      password: Buffer.alloc(0),
      lastXid: 0,
      requests: new Map(),
      over: true,
    };
    this.clients.set(number, client);
    await this.greet(number, client, greeting, bytes === null ? null : Buffer.alloc(bytes));
  }

  private async attach(step: Step & { do: 'attach' }): Promise<void> {
    const client = this.clients.get(step.client);
    if (client === undefined || client.sessionId === 0n) return;
    const before = client.connection;
    const wasOpen = before?.closed === false;
    if (!step.takesOver) before?.drop();
    const password = Buffer.from(client.password);
    if (step.password === 'wrong') password[3] = (password[3] ?? 0) ^ 0xff;
    client.connection = undefined;
    await this.greet(
      step.client,
      client,
      step.greeting,
      step.password === 'short' ? password.subarray(1) : password,
    );
    if (step.takesOver && before !== undefined && wasOpen && !step.greeting.fromTheFuture) {
      await before.untilClosed();
      this.note(step.client, { old: 'closed' });
    } else before?.drop();
  }

  private async greet(
    number: number,
    client: Client,
    greeting: Greeting,
    password: Buffer | null,
  ): Promise<void> {
    const connection = await RawConnection.open(this.port);
    const lastZxid = greeting.fromTheFuture === true ? this.zxid + 1000n : this.zxid;
    const writer = new JuteWriter().int(greeting.protocolVersion ?? 0).long(lastZxid);
    writer.int(greeting.timeoutMs).long(client.sessionId).buffer(password);
    const readOnly = greeting.readOnly === undefined ? false : greeting.readOnly;
    if (readOnly !== null) writer.bool(readOnly);
    connection.send(writer.frame());
    const answer = await connection.next();
    if (answer === undefined) {
      this.note(number, CLOSED);
      return;
    }
    const established = this.welcome(number, client, answer);
    if (established) client.connection = connection;
    else {
      const rest = await connection.untilClosed();
      this.note(number, { ...CLOSED, rest: rest.toString('hex') });
    }
  }

  private welcome(number: number, client: Client, answer: Buffer): boolean {
    const reader = new JuteReader(answer);
    const [protocol, timeout, id, password] = [reader.int(), reader.int(), reader.long(), reader.buffer()];
    const tail = reader.rest();
    const session = id === 0n ? 'none' : id === client.sessionId ? 'same' : 'new';
    this.note(number, {
      ...{ protocol, timeout, session, passwordBytes: password?.length },
      samePassword: session === 'same' && password?.equals(client.password),
      emptyPassword: password?.every((byte) => byte === 0),
      tail: tail.toString('hex'),
    });
    if (session === 'new') {
      client.sessionId = id;
      client.over = false;
      client.password = Buffer.from(password ?? []);
      this.names.set(id, `session ${this.names.size} of client ${number}`);
    }
    return id !== 0n;
  }

  private async ask(number: number, operations: readonly Operation[]): Promise<void> {
    const client = this.clients.get(number);
    const connection = client?.connection;
    if (client === undefined || connection === undefined) return;
    const frames = operations.map((operation) => {
      const xid = xidOf(operation, () => (client.lastXid += 1));
      client.requests.set(xid, operation);
      return requestFrame(operation, xid, this.zxid);
    });
    connection.send(Buffer.concat(frames));
    if (operations.some(standsAlone)) {
      const over = operations.some(({ op }) => op === 'close');
      await this.collect(number, client, (frame) => {
        const { xid, zxid, err } = frame;
        // With these the server says that it closes, and it may still answer what it has read before it does.
        const parting = over || (xid === XID.auth && err === ERR.authFailed);
        return xid !== XID.event && !parting && !(zxid === '-1' && err === ERR.unimplemented);
      });
      client.over ||= over;
      if (client.connection === undefined) return;
    }
    const pings = operations.filter(({ op }) => op === 'ping' && !operations.some(standsAlone)).length;
    await this.ping(number, client, pings + 1);
  }

  /** Takes frames up to a ping's reply: then everything that was due to this client before has come. */
  private async ping(number: number, client: Client, replies = 1): Promise<void> {
    let awaited = replies;
    client.connection?.send(requestFrame({ op: 'ping' }, XID.ping, 0n));
    await this.collect(number, client, (frame) => frame['xid'] === XID.ping && (awaited -= 1) === 0);
  }

  private async collect(number: number, client: Client, isLast: (frame: Decoded) => boolean): Promise<void> {
    for (;;) {
      const frame = await client.connection?.next();
      if (frame === undefined) {
        client.connection = undefined;
        this.note(number, CLOSED);
        return;
      }
      const decoded = decodeFrame(frame, (xid) => client.requests.get(xid), this);
      if (typeof decoded['zxid'] === 'string' && BigInt(decoded['zxid']) > this.zxid) {
        this.zxid = BigInt(decoded['zxid']);
      }
      this.note(number, decoded);
      if (isLast(decoded)) return;
    }
  }

  private dropped(number: number): void {
    const client = this.clients.get(number);
    client?.connection?.drop();
    if (client !== undefined) client.connection = undefined;
  }

  /** A session's end is a transaction of its own, so it shows in the zxid of any reply. */
  private async expire(number: number): Promise<void> {
    const client = this.clients.get(number);
    if (client?.connection === undefined) return;
    this.dropped(number);
    this.clients.delete(number);
    const before = this.zxid;
    await until('the end of a session', async () => (await this.flush(true), this.zxid > before), {
      withinMs: EXPIRES_WITHIN_MS,
      everyMs: 20,
    });
    // Where the poll of each client falls is chance: only what came besides is compared.
    for (const [name, frames] of Object.entries(this.seen)) {
      this.seen[name] = frames.filter((frame) => frame['xid'] !== XID.ping);
    }
  }

  private async babble(bytes: Buffer): Promise<void> {
    const connection = await RawConnection.open(this.port);
    connection.send(bytes);
    this.note('babbler', { answer: (await connection.untilClosed()).toString('hex') });
  }

  /** Everybody pings when something has happened that everybody may be told of. */
  private async flush(anyway = false): Promise<void> {
    if (!anyway) await this.learnZxid();
    if (this.zxid === this.flushedZxid && !anyway) return;
    this.flushedZxid = this.zxid;
    const others = [...this.clients].filter(([, { connection }]) => connection !== undefined);
    await Promise.all(others.map(([number, client]) => this.ping(number, client)));
  }

  private async learnZxid(): Promise<void> {
    const observer = this.clients.get(OBSERVER);
    if (observer?.connection !== undefined) await this.ping(OBSERVER, observer);
  }
}

function endsSession(step: Step): boolean {
  return step.do === 'expire' || (step.do === 'ask' && step.operations.some(({ op }) => op === 'close'));
}

/** The ephemerals of a session go in the order of a Java hash set, which means nothing: events in a row are sorted. */
function sortEvents(frames: readonly Decoded[]): readonly Decoded[] {
  const result: Decoded[] = [];
  let run: Decoded[] = [];
  const endRun = (): void => {
    result.push(...run.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)));
    run = [];
  };
  for (const frame of frames) {
    if (frame['xid'] === XID.event) run.push(frame);
    else {
      endRun();
      result.push(frame);
    }
  }
  endRun();
  return result;
}
