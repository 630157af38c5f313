import type { Node } from '@onebox/base';
import { parseNode, toNode } from '@onebox/base';
import {
  beaconAck,
  configurationListNodesResponse,
  DnsAddressResolver,
  FRAMINGS,
  make,
  nodeInfo,
  NodeStatus,
  queryCfgResponse,
  RPC,
} from '@onebox/protocol';
import type { FramingName, RpcClientOptions } from '@onebox/protocol';
import * as frames from '../../protocol/test/data/frames';
import { ForwardToLeader } from '../src/rpc';
import type { RpcCallContext } from '../src/rpc';
import { RpcBench } from './rpc-peer';
import type { ServedRegistry } from './rpc-peer';

const QUERY = RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX;
const TEMP = { app_name: 'temp', partition_indices: [] };
const SELF = parseNode('127.0.0.1:34601');

const bench = new RpcBench();

afterEach(() => bench.close());

describe('a meta that is not the leader', () => {
  const leader = parseNode('127.0.0.1:34602');
  const addresses = new DnsAddressResolver();
  const elsewhere = make(queryCfgResponse, { err: 'ERR_FORWARD_TO_OTHERS' });

  async function follower(known: Node | undefined): Promise<ServedRegistry> {
    const server = await bench.served({ self: SELF, addresses });
    server.registry.on(QUERY, () => {
      throw new ForwardToLeader(known);
    });
    return server;
  }

  test('sends a pure RDSN client on, with the leader’s address in the frame', async () => {
    const peer = await bench.raw(await follower(leader));
    peer.send(frames.queryConfigRdsn);
    const received = await peer.bytes(204);
    expect(FRAMINGS.rdsn.readResponse(received)).toEqual({
      id: 1n,
      name: `${QUERY.code}_ACK`,
      error: 'ERR_FORWARD_TO_OTHERS',
      body: Buffer.from('0c00007f000001872a000100', 'hex'),
    });
  });

  test('tells everybody else in the result', async () => {
    const server = await follower(leader);
    await expect(bench.client('thft').call(server.node, QUERY, TEMP)).resolves.toEqual(elsewhere);
    const replicaServer = bench.client('rdsn', { self: parseNode('127.0.0.1:34801'), addresses });
    await expect(replicaServer.call(server.node, QUERY, TEMP)).resolves.toEqual(elsewhere);
  });

  test('says so in the result while it knows no leader', async () => {
    const server = await follower(undefined);
    await expect(bench.client('rdsn').call(server.node, QUERY, TEMP)).resolves.toEqual(elsewhere);
  });

  test('says so in the frame where the result has no place for it', async () => {
    const server = await bench.served({ addresses });
    server.registry.on(RPC.RPC_CLI_CLI_CALL, () => {
      throw new ForwardToLeader(leader);
    });
    const call = bench.client('thft').call(server.node, RPC.RPC_CLI_CLI_CALL, { cmd: 'help', arguments: [] });
    await expect(call).rejects.toMatchObject({ errorCode: 'ERR_FORWARD_TO_OTHERS' });
  });
});

describe('host_port fields', () => {
  const named = { status: NodeStatus.NS_ALIVE, node: { ip: '127.0.0.1', port: 34801 } };
  const hostPort = { host: 'localhost', port: 34801 };
  const withNames = make(configurationListNodesResponse, {
    err: 'ERR_OK',
    infos: [make(nodeInfo, { ...named, hp_node: hostPort })],
  });
  const without = { ...withNames, infos: [named] };

  test.each([
    ['rdsn', false, withNames],
    ['thft', false, without],
    ['thft', true, withNames],
  ] as const)('over %s, with the switch for THFT %s', async (framing, hostPortsOnThft, expected) => {
    const server = await bench.served({ hostPortsOnThft });
    server.registry.on(RPC.RPC_CM_LIST_NODES, () => withNames);
    await expect(
      bench.client(framing).call(server.node, RPC.RPC_CM_LIST_NODES, { status: 0 }),
    ).resolves.toEqual(expected);
  });
});

describe('what a handler knows of a call', () => {
  async function contextOf(
    framing: FramingName,
    options: Partial<RpcClientOptions>,
  ): Promise<RpcCallContext | undefined> {
    const server = await bench.served();
    let context: RpcCallContext | undefined;
    server.registry.on(RPC.RPC_FD_FAILURE_DETECTOR_PING, (_request, given) => {
      context = given;
      return make(beaconAck, {});
    });
    await bench
      .client(framing, options)
      .call(
        server.node,
        RPC.RPC_FD_FAILURE_DETECTOR_PING,
        { time: 0, from_node: null, to_node: null },
        { gpid: { appId: 2, partitionIndex: 3 } },
      );
    return context;
  }

  const common = {
    gpid: { appId: 2, partitionIndex: 3 },
    remote: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
    partitionHash: 0n,
    isBackupRequest: false,
  };

  test('a server names itself in RDSN', async () => {
    const context = await contextOf('rdsn', { self: toNode({ host: 'localhost', port: 34801 }) });
    expect(context).toEqual({ ...common, framing: 'rdsn', from: '127.0.0.1:34801', canBeForwarded: false });
  });

  test('a pure client is nobody', async () => {
    expect(await contextOf('rdsn', {})).toEqual({
      ...common,
      framing: 'rdsn',
      from: undefined,
      canBeForwarded: true,
    });
    expect(await contextOf('thft', {})).toEqual({
      ...common,
      framing: 'thft',
      from: undefined,
      canBeForwarded: false,
    });
  });
});
