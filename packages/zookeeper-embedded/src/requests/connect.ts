import type { Connection } from '../connection';
import type { Database } from '../database';
import { JuteReader } from '../wire';
import { ConnectRequest, ConnectResponse } from '../wire/records';

const PASSWORD_BYTES = 16;
const NO_PASSWORD = Buffer.alloc(PASSWORD_BYTES);

/** What the connect handshake needs of its server. */
export interface ConnectOwner {
  readonly database: Database;
  now(): number;
  /** The connection that a session has now, if it has one. */
  holder(sessionId: bigint): Connection | undefined;
  attached(connection: Connection): void;
}

/**
 * The first frame of a connection: makes a session, or takes one up that another connection had.
 *
 * @throws JuteError when it cannot be read
 */
export function connect(owner: ConnectOwner, connection: Connection, frame: Buffer): void {
  const from = new JuteReader(frame);
  const request = ConnectRequest.read(from);
  // Clients before 3.4 leave the flag out, and are not told either whether this server is read-only.
  const knowsReadOnly = from.remaining > 0;
  const { sessions, lastZxid } = owner.database;
  if (request.lastZxidSeen > lastZxid) {
    return connection.close(
      `the client has seen transaction ${request.lastZxidSeen}, the last one here is ${lastZxid}`,
    );
  }
  const timeoutMs = sessions.negotiate(request.timeOut);

  if (request.sessionId === 0n) {
    const id = sessions.newId();
    const password = Buffer.from(crypto.getRandomValues(new Uint8Array(PASSWORD_BYTES)));
    const { zxid } = owner.database.commit(id, 0, { type: 'createSession', timeoutMs, password });
    // What `cons` tells of it until it asks something; of a session that is taken up it tells nothing.
    Object.assign(connection.last, { operation: 'SESS', cxid: 0, zxid });
    const session = sessions.get(id);
    if (session !== undefined) connection.attachment = { session, timeoutMs };
    owner.attached(connection);
    return respond(connection, knowsReadOnly, timeoutMs, id, password);
  }
  // As the real server: whoever had the session loses it to the newcomer before that one has proved anything.
  owner.holder(request.sessionId)?.close('its session was taken up by another connection');
  const session = sessions.admits(request.sessionId, request.passwd);
  if (session === undefined) {
    respond(connection, knowsReadOnly, 0, 0n, NO_PASSWORD);
    return connection.finish();
  }
  sessions.touch(session, owner.now(), timeoutMs);
  connection.attachment = { session, timeoutMs };
  owner.attached(connection);
  respond(connection, knowsReadOnly, timeoutMs, session.id, session.password);
}

function respond(
  connection: Connection,
  knowsReadOnly: boolean,
  timeOut: number,
  sessionId: bigint,
  passwd: Buffer,
): void {
  connection.replyBare((to) => {
    ConnectResponse.write(to, { protocolVersion: 0, timeOut, sessionId, passwd });
    if (knowsReadOnly) to.boolean(false);
  });
}
