import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScaledClock, nodeAddress, parseNode, until } from '@onebox/base';
import type { Node } from '@onebox/base';
import {
  DnsAddressResolver,
  RPC,
  RpcClient,
  configurationAddBackupPolicyRequest,
  duplicationAddRequest,
  make,
} from '@onebox/protocol';
import { PROFILES, ROLES } from '@onebox/server';
import { requestText } from '../../packages/server/test/golden/golden-vectors';
import { ask } from '../../packages/server/test/golden/raw-http';
import { filtered, lasting, readCommand, readExamples } from './support/doc-examples';
import type { CurlCommand } from './support/doc-examples';
import { OneProcessCluster } from './support/one-process-cluster';

/**
 * Every example of docs/http.md is asked a running cluster, in the order of the page: what comes back must be what the page
 * shows, apart from numbers and times. `ONEBOX_WRITE_DOCS=1 npx jest test/http/docs` writes the answers into the page.
 */
const PAGE = join(__dirname, '../../docs/http.md');

/** The servers as the page calls them. */
const SERVERS = {
  '127.0.0.1:34601': 'meta1',
  '127.0.0.1:34602': 'meta2',
  '127.0.0.1:34801': 'replica1',
  '127.0.0.1:34802': 'replica2',
  '127.0.0.1:34803': 'replica3',
  '127.0.0.1:34101': 'collector',
} as const;

/** A test's servers are no processes of their own: what a server's command line looks like is written by hand. */
const BY_HAND: readonly string[] = ['/pprof/cmdline'];

const READ_QPS = '/perfCounter?name=collector*app.pegasus*app.stat.read_qps%23_all_';

let cluster: OneProcessCluster;
beforeAll(async () => {
  cluster = await OneProcessCluster.start();
  await prepare();
});
afterAll(() => cluster.close());

/** What the page says was done by command before. */
async function prepare(): Promise<void> {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const client = new RpcClient({
    framing: 'thft',
    clock: new ScaledClock(1),
    self: parseNode('127.0.0.1:1'),
    addresses: new DnsAddressResolver(),
    log,
  });
  try {
    const policy = make(configurationAddBackupPolicyRequest, {
      backup_provider_type: 'local_service',
      policy_name: 'every_day',
      app_ids: [1, 2],
      backup_interval_seconds: 86_400,
      backup_history_count_to_keep: 7,
      start_time: '24:00',
    });
    const added = await client.call(cluster.leader, RPC.RPC_CM_ADD_BACKUP_POLICY, policy);
    expect([added.err, added.hint_message]).toEqual(['ERR_OK', '']);
    const duplication = make(duplicationAddRequest, {
      app_name: 'stat',
      remote_cluster_name: 'onebox2',
      is_duplicating_checkpoint: false,
    });
    const duplicated = await client.call(cluster.leader, RPC.RPC_CM_ADD_DUPLICATION, duplication);
    expect([duplicated.err, duplicated.hint]).toEqual(['ERR_OK', undefined]);
  } finally {
    client.close();
  }
  const asked = async (node: Node, url: string): Promise<string> =>
    (await ask(nodeAddress(node), requestText('GET', url))).body.toString();
  const once = { withinMs: 20_000 };
  await until('the statistics', async () => (await asked(cluster.collector, READ_QPS)) !== '{}\n', once);
  await until(
    'the balancer',
    async () => !(await asked(cluster.leader, '/meta/cluster')).includes('-1'),
    once,
  );
}

/** The answer as the command prints it, with the addresses of the page. */
async function run({ server, path, body, withHead, filter }: CurlCommand): Promise<string> {
  const name = (SERVERS as Readonly<Record<string, string>>)[server];
  if (name === undefined) throw new Error(`the page has no server ${server}`);
  const url = path.replace(/[^\x21-\x7e]/g, encodeURIComponent);
  const request = requestText(body === undefined ? 'GET' : 'POST', url, body);
  const response = await ask(nodeAddress(cluster.node(name)), request);
  const head = withHead ? `${[response.statusLine, ...response.headers].join('\n')}\n\n` : '';
  const text = asOnThePage(response.body.toString('utf8'));
  const printed = filter === undefined ? text : filtered(text, filter);
  return asOnThePage(head) + printed + (printed === '' || printed.endsWith('\n') ? '' : '\n');
}

/** With the ports of the page, all replaced at once: a port of the test may be one of the page's. */
function asOnThePage(text: string): string {
  const ports = new Map(
    Object.entries(SERVERS).map(([written, name]) => [portOf(cluster.node(name)), portOf(written)]),
  );
  return text
    .replace(/(?<!\d)\d{4,5}(?!\d)/g, (number) => ports.get(number) ?? number)
    .replace(/("host": )"[^"]*"/, '$1"myhost"');
}

function portOf(address: string): string {
  return address.slice(address.indexOf(':') + 1);
}

test('every answer on the page is what the servers answer', async () => {
  let page = readFileSync(PAGE, 'utf8');
  const answers: string[] = [];
  for (const { command, shown } of readExamples(page)) {
    const request = readCommand(command);
    const answer = await run(request);
    answers.push(BY_HAND.includes(request.path) ? shown : answer);
    if (process.env['ONEBOX_WRITE_DOCS'] !== '1') {
      expect({ command, answer: lasting(answers.at(-1) ?? '') }).toEqual({ command, answer: lasting(shown) });
    }
  }
  if (process.env['ONEBOX_WRITE_DOCS'] === '1') {
    readExamples(page)
      .map(({ at }, index) => ({ at, answer: answers[index] ?? '' }))
      .reverse()
      .forEach(({ at: [from, to], answer }) => (page = page.slice(0, from) + answer + page.slice(to)));
    writeFileSync(PAGE, page);
  }
});

test('every call of every role has an example', () => {
  const examples = readExamples(readFileSync(PAGE, 'utf8')).map(({ command }) => readCommand(command));
  const asked = new Set(examples.map(({ path }) => path.replace(/\?.*/, '')));
  const calls = ROLES.flatMap((role) => PROFILES.documented.calls[role].map(({ path }) => path));
  // Their answers are files for `go tool pprof`, not text for people.
  const files = ['/pprof/profile', '/pprof/heap', '/pprof/growth'];
  expect([...new Set(calls)].filter((path) => !asked.has(path) && !files.includes(path)).sort()).toEqual([]);
});
