// Behaves as `pegasus_server config.ini -app_list ROLE`, as far as the life of a cluster looks at it: over RPC and the
// control socket. meta1 always leads. What it does wrong is in wrong.json beside this file.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { MemoryLogger } from '@onebox/base';
import {
  AppStatus,
  NodeStatus,
  RPC,
  appInfo,
  configurationClusterInfoResponse,
  configurationListAppsResponse,
  configurationListNodesResponse,
  make,
  nodeInfo,
  partitionConfiguration,
  queryCfgResponse,
} from '@onebox/protocol';
import {
  RpcRegistry,
  checkConfig,
  parseIni,
  readServerPort,
  startControlServer,
  startListener,
} from '@onebox/server';
import type { ControlCommand, Role } from '@onebox/server';
import type { Wrong } from './fake-cluster';

const [, , configFile = '', , roleName] = process.argv;
const role = roleName as Role;
const { config, settings } = checkConfig(parseIni(readFileSync(configFile, 'utf8'), configFile));
const { port } = readServerPort(config, role);
const instance = settings.instance ?? '';
const wrong = JSON.parse(readFileSync(join(__dirname, 'wrong.json'), 'utf8')) as Wrong;
const log = new MemoryLogger();

const code = wrong.dies?.[instance];
if (code !== undefined) {
  process.stderr.write(`F2026-01-01 assertion failed in ${instance}\ndsn exit with code ${code}\n`);
  process.exit(code);
}
if (instance === 'meta2' && losesPort()) {
  process.stderr.write(
    `ONEBOX_PORT_IN_USE: port ${port} on 127.0.0.1 is already in use\nStop what listens.\n`,
  );
  process.exit(1);
}
mkdirSync('log', { recursive: true });
writeFileSync(`log/${role}.log`, `I2026-01-01 ${instance} starts\nI2026-01-01 ${instance} listens\n`);
process.on('SIGTERM', () => {
  if (wrong.ignoresTerm?.includes(instance) !== true) process.exit(0);
});

const replicaBase = Number(config.text('apps.replica', 'ports'));
const replicas = Array.from({ length: settings.replicaCount ?? 0 }, (_, i) => {
  return { ip: '127.0.0.1', port: replicaBase + i + 1 };
});
const partitions = Array.from({ length: 8 }, (_, partitionIndex) => {
  const [primary, ...secondaries] = wrong.lacks?.includes(partitionIndex) === true ? [] : replicas;
  return make(partitionConfiguration, {
    pid: { appId: 1, partitionIndex },
    max_replica_count: 3,
    primary: primary ?? null,
    secondaries,
  });
});
const err = instance === 'meta1' ? 'ERR_OK' : 'ERR_FORWARD_TO_OTHERS';

const rpc = new RpcRegistry({ log })
  .on(RPC.RPC_CM_CLUSTER_INFO, () =>
    make(configurationClusterInfoResponse, { err, keys: ['meta_function_level'], values: ['steady'] }),
  )
  .on(RPC.RPC_CM_LIST_NODES, () =>
    make(configurationListNodesResponse, {
      err,
      infos: replicas.map((node) => make(nodeInfo, { status: NodeStatus.NS_ALIVE, node })),
    }),
  )
  .on(RPC.RPC_CM_LIST_APPS, () =>
    make(configurationListAppsResponse, {
      err,
      infos: [
        make(appInfo, {
          status: AppStatus.AS_AVAILABLE,
          app_id: 1,
          app_name: 'temp',
          partition_count: 8,
          max_replica_count: 3,
        }),
      ],
    }),
  )
  .on(RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX, () =>
    make(queryCfgResponse, { err, app_id: 1, partition_count: 8, is_stateful: true, partitions }),
  );

const counts = { total: 8, primary: 3, secondary: 5, learning: 0, inactive: 0, error: 0 };
const status = {
  started: true,
  zookeeperSession: null,
  timers: {
    ...{ beaconMs: 300, leaseMs: 2000, graceMs: 2200, guardianIntervalMs: 1000, configSyncMs: 3000 },
    zookeeperSessionMs: role === 'meta' ? 4000 : null,
  },
  facts: role === 'replica' ? { lease: { state: 'connected' }, replicas: counts } : {},
};

// What it is told last lies in told.json of its directory; nothing is enforced.
const commands: Record<string, ControlCommand> = {
  status: () => status,
  ...(wrong.deaf?.includes(instance) === true
    ? {}
    : { faults: ({ faults }) => writeFileSync('told.json', JSON.stringify(faults)) }),
};

void startListener({ bind: '127.0.0.1', port, http: createServer(), rpc, log }).then(() =>
  startControlServer({ path: 'control.sock', commands, log }),
);

/** Counts the places in a file beside this one. */
function losesPort(): boolean {
  const file = join(__dirname, 'lost.json');
  const lost = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as number[]) : [];
  if (lost.includes(port)) return true;
  if (lost.length >= (wrong.losesPort ?? 0)) return false;
  writeFileSync(file, JSON.stringify([...lost, port]));
  return true;
}
