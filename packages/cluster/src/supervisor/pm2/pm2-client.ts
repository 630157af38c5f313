import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { OneboxError, bounded } from '@onebox/base';
import { AnswerReader, encodeCall } from './pm2-wire';

/** What the daemon may take for one call; starting seven processes takes it about 60 ms. */
const CALL_WITHIN_MS = 10_000;
const CONNECT_WITHIN_MS = 2000;

interface Waiting {
  readonly resolve: (args: readonly unknown[]) => void;
  readonly reject: (error: Error) => void;
}

/** A connection to pm2's daemon. Every call ends: with an answer, with the connection's end, or at its bound. */
export class Pm2Client {
  private readonly waiting = new Map<string, Waiting>();
  private readonly reader = new AnswerReader();
  private calls = 0;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (bytes: Buffer) => this.onBytes(bytes));
    socket.on('error', (error) => this.fail(error.message));
    socket.on('close', () => this.fail('the connection was closed'));
  }

  /** @throws OneboxError ONEBOX_PM2_UNREACHABLE, ONEBOX_TIMED_OUT */
  static async connect(socketFile: string): Promise<Pm2Client> {
    const socket = connect(socketFile);
    const connected = new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error) => reject(unreachable(error.message)));
    });
    try {
      await bounded('a connection to the pm2 daemon', CONNECT_WITHIN_MS, connected);
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return new Pm2Client(socket);
  }

  /**
   * Calls a method of the daemon (pm2's lib/Daemon.js lists them) and gives what it called back with.
   *
   * @throws OneboxError ONEBOX_PM2_FAILED with the daemon's words, ONEBOX_PM2_UNREACHABLE, ONEBOX_TIMED_OUT
   */
  async call(method: string, argument: unknown, withinMs = CALL_WITHIN_MS): Promise<readonly unknown[]> {
    const id = `${process.pid}:${(this.calls += 1)}`;
    const answer = new Promise<readonly unknown[]>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.write(encodeCall(id, { type: 'call', method, args: [argument] }));
    });
    try {
      return await bounded(`an answer of the pm2 daemon to '${method}'`, withinMs, answer);
    } finally {
      this.waiting.delete(id);
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private onBytes(bytes: Buffer): void {
    for (const { id, args, error } of this.reader.push(bytes)) {
      const waiting = this.waiting.get(id);
      if (error === undefined) waiting?.resolve(args);
      else waiting?.reject(new OneboxError('ONEBOX_PM2_FAILED', `pm2 says: ${error}`));
    }
  }

  private fail(why: string): void {
    for (const { reject } of this.waiting.values()) reject(unreachable(why));
    this.waiting.clear();
  }
}

function unreachable(why: string): OneboxError {
  return new OneboxError('ONEBOX_PM2_UNREACHABLE', `the pm2 daemon does not answer: ${why}`, {
    nextStep: 'See pm2/pm2.log in the state directory.',
    data: { why },
  });
}
