import type { Statistics } from '../statistics';

/** Says which protocol is spoken, and that it is not ZooKeeper who speaks. */
export const VERSION = '3.8.0-pegasus-onebox-embedded, not Apache ZooKeeper';

/** A connection, as `stat` and `cons` show it. */
export interface ConnectionFacts {
  readonly remote: string;
  /** What the server waits for: 1 to read, 4 to write. */
  readonly interest: number;
  readonly outstanding: number;
  readonly statistics: Statistics;
  readonly session: { readonly id: bigint; readonly timeoutMs: number } | undefined;
  readonly establishedUnixMs: number;
  readonly last: {
    readonly operation: string;
    readonly cxid: number;
    readonly zxid: number;
    readonly respondedMs: number;
    readonly latencyMs: number;
  };
}

/** What the words tell of. */
export interface WordFacts {
  readonly statistics: Statistics;
  readonly connections: readonly ConnectionFacts[];
  readonly lastZxid: number;
  readonly nodeCount: number;
  readonly watchCount: number;
  readonly ephemeralCount: number;
  readonly approximateDataSize: number;
  readonly sessionCount: number;
  readonly uptimeMs: number;
  readonly configuration: {
    readonly clientPort: number;
    readonly dataDirectory: string;
    readonly tickTimeMs: number;
    readonly maxClientCnxns: number;
    readonly minSessionTimeoutMs: number;
    readonly maxSessionTimeoutMs: number;
  };
}

export function srvr(facts: WordFacts): string {
  return `Zookeeper version: ${VERSION}\n${state(facts)}`;
}

export function stat(facts: WordFacts): string {
  const clients = facts.connections.map((connection) => `${brief(connection)})\n`).join('');
  return `Zookeeper version: ${VERSION}\nClients:\n${clients}\n${state(facts)}`;
}

export function cons(facts: WordFacts): string {
  return `${facts.connections.map((connection) => `${full(connection)})\n`).join('')}\n`;
}

export function conf({ configuration }: WordFacts): string {
  return lines([
    `clientPort=${configuration.clientPort}`,
    'secureClientPort=-1',
    `dataDir=${configuration.dataDirectory}`,
    `dataLogDir=${configuration.dataDirectory}`,
    `tickTime=${configuration.tickTimeMs}`,
    `maxClientCnxns=${configuration.maxClientCnxns}`,
    `minSessionTimeout=${configuration.minSessionTimeoutMs}`,
    `maxSessionTimeout=${configuration.maxSessionTimeoutMs}`,
    'clientPortListenBacklog=-1',
    'serverId=0',
  ]);
}

/** Of the hundreds of figures of the real server those that this one has. */
export function mntr(facts: WordFacts): string {
  const { statistics } = facts;
  const figures: readonly (readonly [string, string | number])[] = [
    ['version', VERSION],
    ['server_state', 'standalone'],
    ['avg_latency', decimal(statistics.latencyAverage)],
    ['max_latency', statistics.latencyMax],
    ['min_latency', statistics.latencyMinimum],
    ['packets_received', statistics.received],
    ['packets_sent', statistics.sent],
    ['num_alive_connections', facts.connections.length],
    ['outstanding_requests', outstanding(facts)],
    ['uptime', Math.round(facts.uptimeMs)],
    ['znode_count', facts.nodeCount],
    ['watch_count', facts.watchCount],
    ['ephemerals_count', facts.ephemeralCount],
    ['approximate_data_size', facts.approximateDataSize],
    ['global_sessions', facts.sessionCount],
    ['local_sessions', 0],
  ];
  return lines(figures.map(([name, value]) => `zk_${name}\t${value}`));
}

function state(facts: WordFacts): string {
  const { statistics } = facts;
  return lines([
    `Latency min/avg/max: ${statistics.latencyMinimum}/${decimal(statistics.latencyAverage)}/${statistics.latencyMax}`,
    `Received: ${statistics.received}`,
    `Sent: ${statistics.sent}`,
    `Connections: ${facts.connections.length}`,
    `Outstanding: ${outstanding(facts)}`,
    `Zxid: 0x${facts.lastZxid.toString(16)}`,
    'Mode: standalone',
    `Node count: ${facts.nodeCount}`,
  ]);
}

function outstanding({ connections }: WordFacts): number {
  return connections.reduce((sum, connection) => sum + connection.outstanding, 0);
}

function brief({ remote, interest, outstanding: queued, statistics }: ConnectionFacts): string {
  return ` ${remote}[${interest}](queued=${queued},recved=${statistics.received},sent=${statistics.sent}`;
}

function full(connection: ConnectionFacts): string {
  const { session, last, statistics } = connection;
  if (session === undefined) return brief(connection);
  const parts = [
    `sid=0x${session.id.toString(16)}`,
    `lop=${last.operation}`,
    `est=${connection.establishedUnixMs}`,
    `to=${session.timeoutMs}`,
    ...(last.cxid >= 0 ? [`lcxid=0x${last.cxid.toString(16)}`] : []),
    `lzxid=0x${BigInt.asUintN(64, BigInt(last.zxid)).toString(16)}`,
    `lresp=${last.respondedMs}`,
    `llat=${last.latencyMs}`,
    `minlat=${statistics.latencyMinimum}`,
    `avglat=${Math.floor(statistics.latencyAverage)}`,
    `maxlat=${statistics.latencyMax}`,
  ];
  return `${brief(connection)},${parts.join(',')}`;
}

/** As Java writes a double: always with a point. */
function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(Number(value.toFixed(4)));
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
