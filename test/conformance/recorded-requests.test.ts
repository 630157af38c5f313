import { once } from 'node:events';
import { connect } from 'node:net';
import { bounded, nodeAddress, toNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import { FRAMINGS, FrameSplitter, RPC, decodeArgument } from '@onebox/protocol';
import type { ResponseFrame, Rpc } from '@onebox/protocol';
import { withCluster } from '../support/test-cluster';
import recorded from './recorded-requests.json';

/*
 * Requests as real clients put them on the wire, byte for byte (docs/conformance.md says which clients, and how they were recorded),
 * played to a real cluster. What the clients make of the answers is not seen here.
 */
interface Recorded {
  readonly client: string;
  readonly rpc: string;
  /** Default: a meta server. */
  readonly to?: string;
  /** What the client asked for. */
  readonly argument: object;
  /** What the answer itself says, in the order of the file. Default: ERR_OK. */
  readonly answer?: string;
  readonly hex: string;
}

const REQUESTS: readonly Recorded[] = recorded;
const { thft } = FRAMINGS;

function rpcNamed(name: string): Rpc<unknown, { err: string } | string> {
  const rpc = Object.values(RPC).find(({ code }) => code === name);
  if (rpc === undefined) throw new Error(`no RPC ${name}`);
  return rpc as never;
}

const request = (recording: Recorded) => thft.readRequest(Buffer.from(recording.hex, 'hex'));

/** Sends one recorded request on a connection of its own. */
async function play(to: Node, recording: Recorded): Promise<ResponseFrame> {
  const socket = connect(nodeAddress(to));
  const splitter = new FrameSplitter(thft.measureResponse);
  try {
    socket.write(Buffer.from(recording.hex, 'hex'));
    for (;;) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      splitter.append(chunk);
      const frame = splitter.next();
      if (frame !== undefined) return thft.readResponse(frame);
    }
  } finally {
    socket.destroy();
  }
}

/** What came back: the client, the RPC, the frame's error, the answer's own error. */
async function outcome(to: Node, recording: Recorded): Promise<string> {
  const answer = await bounded(`an answer to ${recording.rpc}`, 10_000, play(to, recording));
  expect([answer.name, answer.id]).toEqual([`${recording.rpc}_ACK`, request(recording).id]);
  const rpc = rpcNamed(recording.rpc);
  const result = rpc.response === null ? '' : decodeArgument(rpc.response, answer.body);
  const said = typeof result === 'string' ? `${result.length > 0}` : result.err;
  return `${recording.client} ${recording.rpc} ${answer.error} ${said}`;
}

test.each(REQUESTS)('$client: $rpc is read as it was meant', (recording) => {
  const { body, name } = request(recording);
  expect(name).toBe(recording.rpc);
  expect(decodeArgument(rpcNamed(name).request, body)).toEqual(recording.argument);
});

/** What is expected of each: the error that the answer carries; a remote command has text, and is served by every server. */
function expected(requests: readonly Recorded[], said: (recording: Recorded) => string): string[] {
  return requests.map(
    (recording) =>
      `${recording.client} ${recording.rpc} ERR_OK ${recording.rpc === 'RPC_CLI_CLI_CALL' ? 'true' : said(recording)}`,
  );
}

async function outcomes(to: Node, requests: readonly Recorded[]): Promise<string[]> {
  const seen: string[] = [];
  for (const recording of requests) seen.push(await outcome(to, recording));
  return seen;
}

test('a leader and a replica server answer everything that real clients send, a standby says where the leader is', () =>
  withCluster({}, async (cluster) => {
    const said = ({ answer = 'ERR_OK' }: Recorded): string => answer;
    const toMeta = REQUESTS.filter(({ to }) => to === undefined);
    const leader = await cluster.leaderOrFail();
    expect(await outcomes(leader, toMeta)).toEqual(expected(toMeta, said));
    const standby = cluster.metas.find((meta) => meta !== leader);
    if (standby === undefined) throw new Error('no standby');
    expect(await outcomes(standby, toMeta)).toEqual(expected(toMeta, () => 'ERR_FORWARD_TO_OTHERS'));
    const toReplica = REQUESTS.filter(({ to }) => to === 'replica');
    const replica = toNode({ host: '127.0.0.1', port: 34801 + cluster.portOffset });
    expect(await outcomes(replica, toReplica)).toEqual(expected(toReplica, said));
  }));
