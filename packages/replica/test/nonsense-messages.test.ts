import { existsSync, readdirSync } from 'node:fs';
import type { Gpid } from '@onebox/base';
import {
  ConfigType,
  PartitionStatus,
  RPC,
  appInfo,
  configurationUpdateRequest,
  groupCheckRequest,
  make,
  mutationData,
  mutationHeader,
  mutationUpdate,
  prepareMsg,
  replicaConfiguration,
} from '@onebox/protocol';
import { writeMembership } from '../src/wire/membership-wire';
import { nodeFields } from '../src/wire/node-fields';
import { FakeCluster, R1, R2, TOOL } from './support/fake-cluster';

const P0: Gpid = { appId: 1, partitionIndex: 0 };
const OUTSIDE = '../../../outside';

describe('what no meta server and no primary ever says', () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    cluster.meta.add(P0, { maxReplicaCount: 2 });
    await cluster.start(R1, R2);
    cluster.meta.cures = [R1, R2];
    cluster.meta.cure(P0);
    await cluster.pass(200);
  });

  afterEach(() => cluster.close());

  test('a table that changes its type does not change the directory of its replicas', async () => {
    cluster.network.from(TOOL).send(
      R1,
      RPC.RPC_CONFIG_PROPOSAL,
      make(configurationUpdateRequest, {
        info: make(appInfo, { ...cluster.meta.info(P0), app_type: OUTSIDE, partition_count: 16 }),
        config: writeMembership(cluster.meta.partition(P0), cluster.addresses),
        type: ConfigType.CT_ADD_SECONDARY,
        ...nodeFields(R2, cluster.addresses),
      }),
    );
    await cluster.pass(200);
    expect(cluster.logs.get(R1)?.lines.filter((line) => line.startsWith('E'))).toEqual([]);
    await cluster.kill(R1);
    await cluster.start(R1);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 3 decree 0/0');
  });

  test.each([
    ['table id 0', { appId: 0, partitionIndex: 0 }, 'pegasus'],
    ['a negative table id', { appId: -1, partitionIndex: 0 }, 'pegasus'],
    ['a negative index', { appId: 7, partitionIndex: -1 }, 'pegasus'],
    ['a path as table type', { appId: 7, partitionIndex: 1 }, OUTSIDE],
    ['no table type', { appId: 7, partitionIndex: 1 }, ''],
  ])('%s makes no replica', async (_what, pid, appType) => {
    const answer = await cluster.network.from(TOOL).call(
      R1,
      RPC.RPC_GROUP_CHECK,
      make(groupCheckRequest, {
        app: make(appInfo, { app_type: appType }),
        config: make(replicaConfiguration, {
          pid,
          ballot: 1,
          status: PartitionStatus.PS_POTENTIAL_SECONDARY,
          learner_signature: 1,
        }),
      }),
    );
    expect(answer).toMatchObject({ pid, err: 'ERR_OBJECT_NOT_FOUND' });
    expect(readdirSync(cluster.reps(R1))).toEqual(['1.0.pegasus']);
    expect(existsSync(`${cluster.reps(R1)}/${OUTSIDE}`)).toBe(false);
  });

  test.each([
    PartitionStatus.PS_INVALID,
    PartitionStatus.PS_INACTIVE,
    PartitionStatus.PS_ERROR,
    PartitionStatus.PS_PRIMARY,
    PartitionStatus.PS_PARTITION_SPLIT,
    99 as PartitionStatus,
    -1 as PartitionStatus,
  ])('partition status %p is nothing a primary makes of another replica', async (status) => {
    const config = make(replicaConfiguration, { pid: P0, ballot: 99, status });
    const tool = cluster.network.from(TOOL);
    const check = await tool.call(R2, RPC.RPC_GROUP_CHECK, make(groupCheckRequest, { config }));
    const prepare = await tool.call(
      R2,
      RPC.RPC_PREPARE,
      make(prepareMsg, { config, mu: make(mutationData, {}) }),
    );
    expect([check.err, prepare.err]).toEqual(['ERR_INVALID_PARAMETERS', 'ERR_INVALID_PARAMETERS']);
    expect(await cluster.replica(R2, P0)).toBe('PS_SECONDARY 2 decree 0/0');
  });

  test('a mutation that cannot be applied puts the replica in error, and the next one is not prepared', async () => {
    const prepare = async (decree: number, code: string) => {
      const message = make(prepareMsg, {
        config: make(replicaConfiguration, { pid: P0, ballot: 2, status: PartitionStatus.PS_SECONDARY }),
        mu: make(mutationData, {
          header: make(mutationHeader, { pid: P0, ballot: 2, decree, last_committed_decree: decree - 1 }),
          updates: [make(mutationUpdate, { code })],
        }),
      });
      return (await cluster.network.from(TOOL).call(R2, RPC.RPC_PREPARE, message)).err;
    };
    expect(await prepare(1, 'RPC_RRDB_RRDB_PUT')).toBe('ERR_OK');
    expect(await prepare(2, 'RPC_REPLICATION_WRITE_EMPTY')).toBe('ERR_INVALID_STATE');
    expect(await cluster.replica(R2, P0)).toBe('PS_ERROR 2 decree 0/1');
  });
});
