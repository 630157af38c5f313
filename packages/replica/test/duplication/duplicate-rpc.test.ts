import type { Gpid } from '@onebox/base';
import { RPC, duplicateEntry, duplicateRequest, make } from '@onebox/protocol';
import type { CallOptions, DuplicateEntry } from '@onebox/protocol';
import { FakeCluster, R1, R2, R3, TOOL } from '../support/fake-cluster';
import { moved } from '../../../server/test/metrics/metric-values';

const P0: Gpid = { appId: 1, partitionIndex: 0 };

let cluster: FakeCluster;

async function healthy(flagLines = ''): Promise<void> {
  cluster = new FakeCluster(flagLines);
  cluster.meta.add(P0);
  await cluster.start(R1, R2, R3);
  cluster.meta.cures = [R1, R2, R3];
  cluster.meta.cure(P0);
  await cluster.pass(100);
  expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 3 decree 0/0');
}
afterEach(() => cluster.close());

const duplicate = (entries: DuplicateEntry[] = [], to = R1, options: CallOptions = { gpid: P0 }) =>
  cluster.network
    .from(TOOL)
    .call(to, RPC.RPC_RRDB_RRDB_DUPLICATE, make(duplicateRequest, { entries }), options);

/** What a call is refused with in the frame. */
const refusal = async (...args: Parameters<typeof duplicate>): Promise<unknown> =>
  duplicate(...args).then(
    () => 'served',
    (error: { errorCode?: unknown }) => error.errorCode,
  );

describe('RPC_RRDB_RRDB_DUPLICATE', () => {
  test('a batch without operations is committed on every member before it is answered', async () => {
    await healthy();
    expect(await duplicate()).toEqual({ error: 0 });
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 3 decree 1/1');
    expect(await cluster.replica(R2, P0)).toBe('PS_SECONDARY 3 decree 0/1');
    expect(moved(cluster.metrics.get(R1) as never, 'replica@1.0')).toEqual({ committed_requests: 1 });
  });

  test.each<[string, string, Parameters<typeof duplicate>]>([
    ['no partition', 'ERR_HANDLER_NOT_FOUND', [[], R1, { gpid: { appId: 0, partitionIndex: 0 } }]],
    [
      'a partition that is not here',
      'ERR_OBJECT_NOT_FOUND',
      [[], R1, { gpid: { appId: 9, partitionIndex: 0 } }],
    ],
    ['a secondary', 'ERR_INVALID_STATE', [[], R2]],
    [
      'a write above 1 MiB',
      'ERR_INVALID_DATA',
      [[make(duplicateEntry, { raw_message: Buffer.alloc(1 << 20), cluster_id: 2 })]],
    ],
  ])('for %s: %s in the frame', async (_what, error, args) => {
    await healthy();
    expect(await refusal(...args)).toBe(error);
  });

  test('with too few members: ERR_NOT_ENOUGH_MEMBER', async () => {
    await healthy('mutation_2pc_min_replica_count = 4');
    expect(await refusal()).toBe('ERR_NOT_ENOUGH_MEMBER');
  });

  test('obeys replica.deny_client_request', async () => {
    await healthy();
    const deny = async (how: string): Promise<void> => {
      cluster.meta.envs = [['replica.deny_client_request', how]];
      await cluster.pass(31_000, 500);
    };
    await deny('reconfig*write');
    expect(await refusal()).toBe('ERR_INVALID_STATE');
    await deny('reconfig*read');
    expect(await refusal()).toBe('served');
    await deny('timeout*all');
    const call = refusal();
    await cluster.pass(5100);
    expect(await call).toBe('ERR_TIMEOUT');
  });

  test('checks the partition hash where the table says so', async () => {
    await healthy();
    cluster.meta.envs = [['replica.split.validate_partition_hash', 'true']];
    await cluster.pass(31_000, 500);
    expect(await refusal([], R1, { gpid: P0, partitionHash: 5n })).toBe('ERR_PARENT_PARTITION_MISUSED');
    expect(await refusal([], R1, { gpid: P0, partitionHash: 16n })).toBe('served');
  });

  test('waits while the group agrees, and is refused when the primary loses its role meanwhile', async () => {
    await healthy();
    cluster.network.freeze(R2);
    const call = refusal([], R1, { gpid: P0, timeoutMs: 60_000 });
    await cluster.pass(1000);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 3 decree 0/1');
    for (const node of [R2, R3]) cluster.network.cut(R1, node);
    await cluster.pass(40_000, 500);
    expect(await call).toBe('ERR_INVALID_STATE');
  });

  describe('with operations', () => {
    const put = (given: Partial<DuplicateEntry>): DuplicateEntry =>
      make(duplicateEntry, { task_code: 'RPC_RRDB_RRDB_PUT', raw_message: Buffer.from('x'), ...given });

    test.each<[string, Partial<DuplicateEntry>, number, string]>([
      ['of no cluster', {}, 4, 'request cluster id is unconfigured'],
      ['of an unknown cluster', { cluster_id: 9 }, 4, 'request cluster id is unconfigured'],
      ['of this cluster', { cluster_id: 1 }, 4, 'self-duplicating'],
      [
        'that nobody duplicates',
        { cluster_id: 2, task_code: 'RPC_RRDB_RRDB_INCR' },
        4,
        'unrecognized task code RPC_RRDB_RRDB_INCR',
      ],
      ['that would need data', { cluster_id: 2 }, 3, 'this server keeps no user data yet'],
    ])('%s is refused in the struct, and nothing is written', async (_what, entry, error, hint) => {
      await healthy();
      expect(await duplicate([put(entry)])).toEqual({ error, error_hint: hint });
      expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 3 decree 0/0');
    });
  });
});
