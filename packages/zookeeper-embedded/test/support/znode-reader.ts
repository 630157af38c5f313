import { createClient } from 'node-zookeeper-client';
import type { Client, LibraryStat } from 'node-zookeeper-client';
import { bounded } from '@onebox/base';

export interface Znode {
  readonly data: Buffer;
  readonly czxid: bigint;
  readonly mzxid: bigint;
  readonly pzxid: bigint;
  readonly version: number;
  readonly cversion: number;
  /** 16 hexadecimal digits; zeros for a persistent node. */
  readonly owner: string;
  readonly childCount: number;
}

const ANSWER_WITHIN_MS = 20_000;
/** Requests on their way at once. */
const AT_ONCE = 500;

/** Reads whole stats: ours tell only what onebox needs. */
export class ZnodeReader {
  private constructor(private readonly client: Client) {}

  static async open(hosts: string): Promise<ZnodeReader> {
    const client = createClient(hosts, { sessionTimeout: 10_000, spinDelay: 5 });
    const connected = new Promise<void>((resolve) => {
      client.on('state', (state) => {
        if (state.getName() === 'SYNC_CONNECTED') resolve();
      });
    });
    client.connect();
    await bounded('a session to read with', ANSWER_WITHIN_MS, connected);
    return new ZnodeReader(client);
  }

  node(path: string): Promise<Znode> {
    return this.asked(`get ${path}`, (done) =>
      this.client.getData(path, undefined, (error, data, stat) =>
        done(error, error == null ? znode(data, stat) : undefined),
      ),
    );
  }

  names(path: string): Promise<string[]> {
    return this.asked(`children of ${path}`, (done) => this.client.getChildren(path, undefined, done));
  }

  /** The children of a node, by name. @param wanted only these */
  async children(path: string, wanted: (name: string) => boolean = () => true): Promise<Map<string, Znode>> {
    const names = (await this.names(path)).filter(wanted);
    const found = new Map<string, Znode>();
    for (let from = 0; from < names.length; from += AT_ONCE) {
      const some = names.slice(from, from + AT_ONCE);
      const nodes = await Promise.all(
        some.map(async (name) => [name, await this.node(`${path}/${name}`)] as const),
      );
      for (const [name, node] of nodes) found.set(name, node);
    }
    return found;
  }

  close(): void {
    this.client.close();
  }

  private asked<T>(
    what: string,
    ask: (done: (error: Error | null | undefined, value?: T) => void) => void,
  ): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => {
      ask((error, value) => (error == null ? resolve(value as T) : reject(error)));
    });
    return bounded(what, ANSWER_WITHIN_MS, answer);
  }
}

function znode(data: Buffer | undefined, stat: LibraryStat): Znode {
  return {
    data: data ?? Buffer.alloc(0),
    czxid: stat.czxid.readBigInt64BE(),
    mzxid: stat.mzxid.readBigInt64BE(),
    pzxid: stat.pzxid.readBigInt64BE(),
    version: stat.version,
    cversion: stat.cversion,
    owner: stat.ephemeralOwner.toString('hex'),
    childCount: stat.numChildren,
  };
}
