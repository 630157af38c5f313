import type { ServerUnderTest } from './support/lock-step';
import { RawConnection } from './support/raw-connection';
import { describeBesideReference } from './support/reference-server';
import { ScriptedClients } from './support/scripted-clients';
import type { Step } from './support/script';
import { startEmbedded, startReal } from './support/server-pairs';

/** A word of four letters and its answer, on a connection of its own. */
async function ask(server: ServerUnderTest, word: string): Promise<string> {
  const connection = await RawConnection.open(server.port);
  connection.send(Buffer.from(word, 'latin1'));
  return (await connection.untilClosed()).toString('latin1');
}

/** What is each server's own becomes a placeholder: who it is and where, what it measured, what it drew. */
function shape(text: string): string {
  return (
    text
      .replace(/(Zookeeper version: |zk_version\t).*/, '$1VERSION')
      .replace(/(Latency min\/avg\/max: ).*/, '$1LATENCIES')
      .replace(/(zk_(?:avg|max|min)_latency\t|zk_uptime\t).*/g, '$1MEASURED')
      .replace(/\/127\.0\.0\.1:\d+/g, '/ADDRESS')
      .replace(/(sid=0x)[0-9a-f]+/g, '$1SESSION')
      .replace(/((?:est|lresp|llat|minlat|avglat|maxlat)=)\d+/g, '$1MEASURED')
      .replace(/((?:dataDir|dataLogDir|clientPort)=).*/g, '$1ITS OWN')
      // Whoever asked whether it serves already was counted, too.
      .replace(/(Received: |Sent: |zk_packets_(?:received|sent)\t)\d+/g, '$1COUNT')
  );
}

/** Lines of a report. The embedded server does not measure its directory for `conf`. */
function lines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !/^data(Dir|Log)Size=/.test(line))
    .map(shape)
    .sort();
}

const acl = [{ perms: 31, scheme: 'world', id: 'anyone' }];
const HISTORY: readonly Step[] = [
  { do: 'connect', client: 0, greeting: { timeoutMs: 20_000 } },
  { do: 'connect', client: 1, greeting: { timeoutMs: 60_000 } },
  {
    ...{ do: 'ask', client: 1 },
    operations: [
      { op: 'create', path: '/words', data: 'x', acl, flags: 0 },
      { op: 'create', path: '/words/ephemeral', data: null, acl, flags: 1 },
      { op: 'getData', path: '/words', watch: true },
      { op: 'getChildren', path: '/words', watch: true },
      { op: 'delete', path: '/nothing', version: -1 },
    ],
  },
];

describeBesideReference('four-letter words of the embedded server and of Apache ZooKeeper', () => {
  let real: ServerUnderTest;
  let embedded: ServerUnderTest;
  const clients: ScriptedClients[] = [];
  beforeAll(async () => {
    [real, embedded] = await Promise.all([startReal(), startEmbedded()]);
    for (const { port } of [real, embedded]) {
      const own = new ScriptedClients(port);
      clients.push(own);
      for (const step of HISTORY) await own.perform(step);
    }
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await Promise.all([real.stop(), embedded.stop()]);
  });

  const both = (word: string): Promise<readonly [string, string]> =>
    Promise.all([ask(real, word), ask(embedded, word)]);

  test.each(['ruok', 'srvr', 'stat', 'conf', 'cons'])('%s says the same', async (word) => {
    const [theirs, own] = await both(word);
    expect(lines(own)).toEqual(lines(theirs));
  });

  test('mntr has figures of the real one only, with its values', async () => {
    const [theirs, own] = await both('mntr');
    const known = new Set(lines(theirs));
    expect(lines(own).filter((line) => !known.has(line))).toEqual([]);
  });

  test.each(['dump', 'envi', 'wchs', 'wchc', 'wchp', 'dirs', 'crst', 'srst', 'isro', 'gtmk', 'hash'])(
    '%s is not allowed by our configuration',
    async (word) => {
      const [theirs, own] = await both(word);
      expect(own).toBe(theirs);
      expect(own).toBe(`${word} is not executed because it is not in the whitelist.\n`);
    },
  );

  test.each(['abcd', 'RUOK', 'GET ', '\xff\xf4\xff\xfd'])('%j is no word of a server', async (word) => {
    const [theirs, own] = await both(word);
    expect(own).toBe(theirs);
  });
});
