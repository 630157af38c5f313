import type { Connection } from '../connection';
import type { Database } from '../database';
import { Code, JuteError, JuteReader, OpCode, Xid } from '../wire';
import { AuthPacket, RequestHeader } from '../wire/records';
import type { Answer } from './answer';
import { READS } from './reads';
import { multiRead, write } from './writes';

/** The zxid of an answer to a request that no part of the server ever saw. */
const NO_ZXID = -1;

/** What `cons` calls the operations. */
const OPERATIONS: ReadonlyMap<number, string> = new Map([
  [OpCode.create, 'CREA'],
  [OpCode.create2, 'CREA'],
  [OpCode.createContainer, 'CREA'],
  [OpCode.createTtl, 'CREA'],
  [OpCode.delete, 'DELE'],
  [OpCode.exists, 'EXIS'],
  [OpCode.getData, 'GETD'],
  [OpCode.setData, 'SETD'],
  [OpCode.getAcl, 'GETA'],
  [OpCode.setAcl, 'SETA'],
  [OpCode.getChildren, 'GETC'],
  [OpCode.getChildren2, 'GETC'],
  [OpCode.sync, 'SYNC'],
  [OpCode.ping, 'PING'],
  [OpCode.check, 'CHEC'],
  [OpCode.multi, 'MULT'],
  [OpCode.multiRead, 'MLTR'],
  [OpCode.setWatches, 'SETW'],
  [OpCode.setWatches2, 'STW2'],
  [OpCode.addWatch, 'ADDW'],
  [OpCode.checkWatches, 'CHKW'],
  [OpCode.removeWatches, 'REMW'],
  [OpCode.getEphemerals, 'GETE'],
  [OpCode.getAllChildrenNumber, 'GETACN'],
  [OpCode.whoAmI, 'HOMI'],
  [OpCode.closeSession, 'CLOS'],
]);

/** Answers the requests of connections that have a session. */
export class RequestProcessor {
  constructor(
    private readonly database: Database,
    /** Milliseconds of the clock that sessions expire by. */
    private readonly now: () => number,
  ) {}

  /** @throws JuteError when there is no request header: the connection is no use any more */
  process(connection: Connection, frame: Buffer): void {
    const from = new JuteReader(frame);
    const { xid, type } = RequestHeader.read(from);
    if (type === OpCode.auth) return this.authenticate(connection, xid, from);

    const { attachment } = connection;
    const { sessions } = this.database;
    // A session that ended meanwhile gets no answers, as from the real server: its connection is being closed.
    if (attachment === undefined || sessions.get(attachment.session.id) !== attachment.session) return;
    sessions.touch(attachment.session, this.now(), attachment.timeoutMs);

    const sessionId = attachment.session.id;
    const answer = this.answer(connection, sessionId, xid, type, from);
    if (answer === undefined) {
      connection.reply(xid, NO_ZXID, Code.UNIMPLEMENTED);
      return connection.finish();
    }
    const zxid = this.database.lastZxid;
    if (xid >= 0) connection.last.cxid = xid;
    connection.last.zxid = zxid;
    connection.last.operation = OPERATIONS.get(type) ?? 'NA';
    const echoed = type === OpCode.ping ? Xid.ping : xid;
    if (typeof answer === 'number') connection.reply(echoed, zxid, answer);
    else connection.reply(echoed, zxid, Code.OK, answer);
    if (type === OpCode.closeSession) connection.finish();
  }

  private answer(
    connection: Connection,
    sessionId: bigint,
    cxid: number,
    type: number,
    from: JuteReader,
  ): Answer | undefined {
    try {
      if (type === OpCode.ping) return Code.OK;
      if (type === OpCode.closeSession) {
        this.database.closeSession(sessionId, cxid);
        return Code.OK;
      }
      if (type === OpCode.multiRead) return multiRead(this.database, from);
      const read = READS.get(type);
      if (read !== undefined) return read(this.database, from, connection, sessionId);
      return write(this.database, { sessionId, cxid }, type, from);
    } catch (error) {
      if (error instanceof JuteError) return Code.MARSHALLING_ERROR;
      throw error;
    }
  }

  /**
   * An address and a name with a password prove themselves: the real server, too, takes any. Access lists cannot name them
   * here, so that nobody is remembered.
   */
  private authenticate(connection: Connection, xid: number, from: JuteReader): void {
    const { scheme } = AuthPacket.read(from);
    if (scheme === 'ip' || scheme === 'digest') return connection.reply(xid, 0, Code.OK);
    connection.reply(xid, 0, Code.AUTH_FAILED);
    connection.finish();
  }
}
