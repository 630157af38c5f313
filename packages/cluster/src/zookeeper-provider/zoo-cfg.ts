/** ZooKeeper's tick at time scale 1, real milliseconds: the usual one, which grants sessions of 4 to 40 s. */
const TICK_MS = 2000;
const SHORTEST_TICK_MS = 20;

/**
 * The tick that makes a scaled session possible: sessions are clamped to 2 to 20 ticks, and a dead client's node goes
 * within a session and a tick (reference/cluster-behaviour.md 2.1). Real milliseconds.
 */
export function tickTimeMs(timeScale: number): number {
  return Math.max(SHORTEST_TICK_MS, Math.round(TICK_MS * timeScale));
}

/** The commands that we, and people, ask a server. Everything but `srvr` is off unless listed, since 3.5. */
const FOUR_LETTER_WORDS = 'ruok,srvr,stat,mntr,conf,cons';

export interface ZooCfgSettings {
  readonly tickTimeMs: number;
  /** Where snapshots and the transaction log go, as the server sees the path. */
  readonly dataDirectory: string;
  readonly clientPort: number;
  /** Address to listen on, as the server sees it. */
  readonly bind: string;
}

/**
 * The configuration of a single server.
 *
 * Transactions are forced to disk, as ZooKeeper does by itself: without it a machine that crashes may come back with
 * partition configurations older than the replicas on its disks, which nothing repairs. Measured: it adds less than a
 * millisecond to a write on a virtual disk, and nothing to a thousand writes at once, which share it.
 */
export function renderZooCfg(settings: ZooCfgSettings): string {
  const lines = [
    `tickTime=${settings.tickTimeMs}`,
    `dataDir=${settings.dataDirectory}`,
    `clientPort=${settings.clientPort}`,
    `clientPortAddress=${settings.bind}`,
    // 60 from one address would be too few for a large onebox and its tools.
    'maxClientCnxns=0',
    // It would take port 8080.
    'admin.enableServer=false',
    `4lw.commands.whitelist=${FOUR_LETTER_WORDS}`,
    // Kilobytes that the transaction log grows by; 64 MB is ZooKeeper's own choice.
    'preAllocSize=256',
    'autopurge.snapRetainCount=3',
    'autopurge.purgeInterval=1',
  ];
  return `${lines.join('\n')}\n`;
}
