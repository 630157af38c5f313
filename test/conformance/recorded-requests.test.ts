import { once } from 'node:events';
import { connect } from 'node:net';
import { bounded, nodeAddress } from '@onebox/base';
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
  /** What the client asked for. */
  readonly argument: object;
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

test('a leader answers everything that real clients send, a standby says where the leader is', () =>
  withCluster({}, async (cluster) => {
    const leader = await cluster.leaderOrFail();
    const outcomes: string[] = [];
    for (const recording of REQUESTS) outcomes.push(await outcome(leader, recording));
    expect(outcomes).toEqual(
      REQUESTS.map(({ client, rpc }) =>
        rpc === 'RPC_CLI_CLI_CALL' ? `${client} ${rpc} ERR_OK true` : `${client} ${rpc} ERR_OK ERR_OK`,
      ),
    );
    const standby = cluster.metas.find((meta) => meta !== leader);
    if (standby === undefined) throw new Error('no standby');
    const forwarded: string[] = [];
    for (const recording of REQUESTS) forwarded.push(await outcome(standby, recording));
    expect(forwarded).toEqual(
      REQUESTS.map(({ client, rpc }) =>
        rpc === 'RPC_CLI_CLI_CALL'
          ? `${client} ${rpc} ERR_OK true`
          : `${client} ${rpc} ERR_OK ERR_FORWARD_TO_OTHERS`,
      ),
    );
  }));
