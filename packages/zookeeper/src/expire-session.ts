import { type Logger, OneboxError, describeError } from '@onebox/base';
import { attachToAny } from './attach-loop';
import { parseConnectString } from './connect-string';
import type { ZkConnection } from './zk-connection';

/** How long the server gets to answer closeSession, real milliseconds: then it is asked whether the session is gone. */
const CLOSE_WITHIN_MS = 1000;
const FIRST_PAUSE_MS = 5;

/**
 * Ends somebody else's session as an operator's tool does: takes it up with its id and password, and closes it. Its ephemeral
 * nodes go at once, and its owner learns that it has expired. The owner, whose connection the server drops for ours, comes
 * back at once and takes the session away again, so this is repeated until the server says that it is gone.
 *
 * @param options `id` and `password` hexadecimal, `timeoutMs` as it was granted; `withinMs` bounds everything, real milliseconds
 * @throws OneboxError ONEBOX_ZOOKEEPER_UNREACHABLE, ONEBOX_BAD_ZOOKEEPER_HOSTS
 */
export async function expireSession(options: {
  readonly hosts: string;
  readonly id: string;
  readonly password: string;
  readonly timeoutMs: number;
  readonly withinMs: number;
  readonly log: Logger;
}): Promise<void> {
  const { hosts, id, password, timeoutMs, withinMs, log } = options;
  const { servers } = parseConnectString(hosts);
  const ticket = {
    id: Buffer.from(id, 'hex'),
    password: Buffer.from(password, 'hex'),
    previous: undefined,
  };
  const deadline = performance.now() + withinMs;
  const { signal } = new AbortController();
  let why = 'its owner took it back each time';
  for (let round = 0; performance.now() < deadline; round += 1) {
    let connection: ZkConnection | undefined;
    const leftMs = deadline - performance.now();
    try {
      const outcome = await attachToAny(
        { servers, sessionTimeoutMs: timeoutMs, ticket, withinMs: leftMs, log, signal, gate: undefined },
        () => undefined,
      );
      if (outcome.kind === 'expired') return;
      if (outcome.kind === 'attached') connection = outcome.connection;
      else why = outcome.why;
    } catch (error) {
      why = describeError(error);
    }
    await connection?.endSession(Math.min(CLOSE_WITHIN_MS, Math.max(0, deadline - performance.now())));
    await new Promise<void>((resolve) => setTimeout(resolve, Math.min(100, FIRST_PAUSE_MS * round)));
  }
  throw new OneboxError(
    'ONEBOX_ZOOKEEPER_UNREACHABLE',
    `ZooKeeper at ${hosts} did not end session 0x${id} within ${Math.round(withinMs)} ms: ${why}`,
    {
      nextStep: 'Check that ZooKeeper runs there and that nothing blocks the port.',
      data: { hosts, session: id, why },
    },
  );
}
