/**
 * The wire of pm2's daemon (`rpc.sock`): AMP frames holding JSON, as pm2's own client writes them. Spoken directly because
 * pm2's client connects again for ever and never calls back when the daemon is gone, and because loading pm2 in the
 * command costs 130 ms and makes `~/.pm2`, even when another PM2_HOME is meant (measured with pm2 7.0.4).
 *
 *   frame    = version-and-argc argument*         version-and-argc = 1 byte: version 1 << 4 | number of arguments
 *   argument = length bytes                       length = 4 bytes, big endian
 *   bytes    = "j:" JSON | "s:" text
 *
 *   call     = frame(j:{"type":"call","method":M,"args":[…]}, s:ID)
 *   answer   = frame(j:{"args":[…]} | j:{"error":TEXT,…}, s:ID)
 */
const VERSION = 1;

export interface Pm2Call {
  readonly type: 'call';
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface Pm2Answer {
  readonly id: string;
  readonly args: readonly unknown[];
  /** What the daemon says went wrong. */
  readonly error: string | undefined;
}

export function encodeCall(id: string, call: Pm2Call): Buffer {
  const bodies = [`j:${JSON.stringify(call)}`, `s:${id}`].map((text) => Buffer.from(text));
  const head = Buffer.from([(VERSION << 4) | bodies.length]);
  return Buffer.concat([head, ...bodies.flatMap((body) => [lengthOf(body), body])]);
}

function lengthOf(body: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(body.length);
  return bytes;
}

/** Cuts the stream of a connection into answers. */
export class AnswerReader {
  private pending: Buffer = Buffer.alloc(0);

  /** The answers that are complete with these bytes. */
  push(bytes: Buffer): Pm2Answer[] {
    this.pending = Buffer.concat([this.pending, bytes]);
    const answers: Pm2Answer[] = [];
    for (;;) {
      const frame = readFrame(this.pending);
      if (frame === undefined) return answers;
      this.pending = this.pending.subarray(frame.size);
      answers.push(answerOf(frame.bodies));
    }
  }
}

function readFrame(bytes: Buffer): { bodies: string[]; size: number } | undefined {
  if (bytes.length === 0) return undefined;
  const count = bytes.readUInt8(0) & 0x0f;
  const bodies: string[] = [];
  let at = 1;
  for (let i = 0; i < count; i += 1) {
    if (bytes.length < at + 4) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (bytes.length < end) return undefined;
    bodies.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return { bodies, size: at };
}

function answerOf(bodies: readonly string[]): Pm2Answer {
  const id = bodies.at(-1)?.slice(2) ?? '';
  const body = JSON.parse(bodies[0]?.slice(2) ?? '{}') as { args?: unknown[]; error?: unknown };
  const error = body.error === undefined ? undefined : JSON.stringify(body.error);
  return { id, args: body.args ?? [], error };
}
