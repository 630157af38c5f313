// Pipelined requests to a ZooKeeper, as fast as it answers: frames are made beforehand as far as can be, and answers are only
// counted and looked at for errors, so that the server is what is measured.
import net from 'node:net';

const CREATE = 1;
const GET_DATA = 4;
const DATA = Buffer.alloc(100, 0x78);
const SESSION_MS = 30_000;
/** Requests without an answer yet, of each connection. */
const OUTSTANDING = 200;
/** In an answer: behind xid and zxid. */
const ERR_AT = 12;

const string = (text) => Buffer.concat([int(text.length), Buffer.from(text)]);
function int(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
const framed = (...parts) =>
  Buffer.concat([int(parts.reduce((sum, part) => sum + part.length, 0)), ...parts]);

const OPEN_ACL = Buffer.concat([int(1), int(31), string('world'), string('anyone')]);
const connectRequest = () =>
  framed(int(0), Buffer.alloc(8), int(SESSION_MS), Buffer.alloc(8), int(16), Buffer.alloc(17));
const create = (xid, path, data) =>
  framed(int(xid), int(CREATE), string(path), int(data.length), data, OPEN_ACL, int(0));
const getData = (xid, path) => framed(int(xid), int(GET_DATA), string(path), Buffer.alloc(1));

/** A session of one connection. */
class LoadClient {
  answered = 0;
  #pending = Buffer.alloc(0);
  #onFrame = () => undefined;

  static async open(port) {
    const client = new LoadClient();
    client.socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
    client.socket.setMaxListeners(0);
    client.socket.on('data', (chunk) => client.#take(chunk));
    const connected = client.#next();
    client.socket.write(connectRequest());
    await connected;
    return client;
  }

  /** One request, for what has to be there before. Its error does not matter: it may be there. */
  async ask(frame) {
    const answer = this.#next();
    this.socket.write(frame);
    await answer;
  }

  /** Keeps `OUTSTANDING` requests under way until told to stop. */
  load(frameOf) {
    let sent = 0;
    let stopping = false;
    const send = (count) => {
      const frames = [];
      for (let i = 0; i < count; i += 1) frames.push(frameOf((sent += 1)));
      this.socket.write(Buffer.concat(frames));
    };
    return new Promise((resolve, reject) => {
      let answers = 0;
      this.socket.once('close', () => reject(new Error('the ZooKeeper closed the connection')));
      this.#onFrame = (frame) => {
        if (frame.readInt32BE(ERR_AT) !== 0)
          reject(new Error(`a request failed with ${frame.readInt32BE(ERR_AT)}`));
        this.answered += 1;
        answers += 1;
      };
      this.#onChunk = () => {
        if (stopping && answers === sent) resolve();
        else if (!stopping && answers > 0) send(OUTSTANDING - (sent - answers));
      };
      this.stop = () => (stopping = true);
      send(OUTSTANDING);
    });
  }

  close() {
    this.socket.destroy();
  }

  #onChunk = () => undefined;

  #next() {
    return new Promise((resolve, reject) => {
      this.socket.once('error', reject);
      this.socket.once('close', () => reject(new Error('the ZooKeeper closed the connection')));
      this.#onFrame = resolve;
    });
  }

  #take(chunk) {
    let bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0)) {
      const end = 4 + bytes.readInt32BE(0);
      this.#onFrame(bytes.subarray(4, end));
      bytes = bytes.subarray(end);
    }
    this.#pending = bytes;
    this.#onChunk();
  }
}

let runs = 0;

/**
 * Answers per second.
 *
 * @param what `creates` of new nodes with 100 bytes, or `gets` of a thousand such
 */
export async function zookeeperThroughput(port, what, { connections, warmUpMs, measuredMs }) {
  runs += 1;
  const root = `/bench-${process.pid}-${runs}`;
  const clients = await Promise.all(Array.from({ length: connections }, () => LoadClient.open(port)));
  await clients[0].ask(create(1, root, DATA));
  if (what === 'gets') {
    for (let i = 0; i < 1000; i += 1) await clients[0].ask(create(1, `${root}/${i}`, DATA));
  }
  const frameOf = (number) =>
    what === 'gets'
      ? (xid) => getData(xid, `${root}/${(xid * 7 + number) % 1000}`)
      : (xid) => create(xid, `${root}/${number}-${xid}`, DATA);
  const ended = Promise.all(clients.map((client, number) => client.load(frameOf(number))));
  ended.catch(() => undefined); // it is awaited below, too
  const pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const answers = () => clients.reduce((sum, { answered }) => sum + answered, 0);
  await pass(warmUpMs);
  const [from, before] = [performance.now(), answers()];
  await pass(measuredMs);
  const rate = ((answers() - before) * 1000) / (performance.now() - from);
  for (const client of clients) client.stop();
  await ended;
  for (const client of clients) client.close();
  return rate;
}
