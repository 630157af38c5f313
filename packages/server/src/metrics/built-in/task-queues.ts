import type { Gpid } from '@onebox/base';
import type { Role } from '../../process/role';
import type { MetricRegistry } from '../metric-registry';

/** A pool of upstream's threads: its name in a onebox's configuration, and its queues. A partitioned pool has one per worker. */
interface Pool {
  readonly name: string;
  readonly queues: number;
}

const DEFAULT: Pool = { name: 'default', queues: 1 };
/** No section of the onebox's configuration names it, so it is called by its code. */
const META_SERVER: Pool = { name: 'THREAD_POOL_META_SERVER', queues: 1 };
const FD: Pool = { name: 'fd', queues: 1 };
const REPLICA: Pool = { name: 'replica', queues: 2 };
const REPLICA_LONG: Pool = { name: 'rep_long', queues: 1 };
const LOCAL_APP: Pool = { name: 'local_app', queues: 1 };
const SCAN: Pool = { name: 'scan_query', queues: 1 };
const BLOCK_SERVICE: Pool = { name: 'block_service', queues: 1 };

const pool = (name: string, queues = 1): Pool => ({ name, queues });

/** The pools of each role in a onebox, in the order they are configured (reference/metrics.md 3.3). */
const POOLS: Readonly<Record<Role, readonly Pool[]>> = {
  meta: [DEFAULT, META_SERVER, pool('meta_state'), FD, pool('dist_lock'), BLOCK_SERVICE],
  replica: [
    DEFAULT,
    REPLICA_LONG,
    REPLICA,
    FD,
    LOCAL_APP,
    BLOCK_SERVICE,
    pool('compact'),
    pool('ingestion'),
    pool('plog', 4),
    SCAN,
  ],
  collector: [DEFAULT, REPLICA],
};

/** Which pool runs a task code, for those whose pool is not the default one (upstream's replication.codes.h and rrdb codes). */
const POOL_OF_CODE: readonly (readonly [RegExp, Pool])[] = [
  [/^RPC_RRDB_RRDB_(GET_SCANNER|SCAN|CLEAR_SCANNER)$/, SCAN],
  [/^RPC_RRDB_RRDB_(GET|MULTI_GET|BATCH_GET|SORTKEY_COUNT|TTL)$/, LOCAL_APP],
  [/^RPC_RRDB_/, REPLICA],
  [/^RPC_CM_/, META_SERVER],
  [/^RPC_LEARN$/, REPLICA_LONG],
  [
    /^RPC_(CONFIG_PROPOSAL|PREPARE|GROUP_CHECK|LEARN|QUERY_PN|QUERY_REPLICA|QUERY_LAST|QUERY_APP|REMOVE_REPLICA|COLD_BACKUP|CLEAR_COLD|SPLIT|BULK_LOAD|GROUP_BULK)/,
    REPLICA,
  ],
];

/** The task queue of one pool, or of one worker of a partitioned one. */
interface TaskQueue {
  waiting: number;
}

/**
 * The `queue` entities of a process. It has one event loop and no queue but that of the system; what stands in upstream's
 * queues while it is busy are, here, the requests that were read and are not answered. Each is counted in the queue upstream
 * would have put it into.
 */
export class TaskQueues {
  private readonly queues = new Map<string, readonly TaskQueue[]>();
  private readonly poolOfCode = new Map<string, readonly TaskQueue[]>();

  constructor(registry: MetricRegistry, role: Role) {
    for (const { name, queues } of POOLS[role]) {
      this.queues.set(
        name,
        Array.from({ length: queues }, (_, index) => measuredQueue(registry, `${name}.${index}`)),
      );
    }
  }

  /** A request is waiting; what comes back is called when it is answered. */
  enter(code: string, gpid: Gpid): () => void {
    const queues = this.queuesOf(code);
    const queue = queues[Math.abs(threadHash(gpid)) % queues.length];
    if (queue === undefined) return () => undefined;
    queue.waiting += 1;
    return () => (queue.waiting -= 1);
  }

  private queuesOf(code: string): readonly TaskQueue[] {
    const known = this.poolOfCode.get(code);
    if (known !== undefined) return known;
    const name = POOL_OF_CODE.find(([pattern]) => pattern.test(code))?.[1].name ?? DEFAULT.name;
    const found = this.queues.get(name) ?? this.queues.get(DEFAULT.name) ?? [];
    this.poolOfCode.set(code, found);
    return found;
  }
}

function measuredQueue(registry: MetricRegistry, name: string): TaskQueue {
  const queue = { waiting: 0 };
  const entity = registry.entity('queue', `queue@${name}`, { queue_name: name });
  entity.gauge('queue_length').derive(() => queue.waiting);
  return queue;
}

/** Upstream's way of spreading partitions over the workers of a pool. */
function threadHash({ appId, partitionIndex }: Gpid): number {
  return appId * 7919 + partitionIndex;
}
