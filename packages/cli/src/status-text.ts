import { lastingText } from '@onebox/cluster';
import type { ClusterStatus, InstanceStatus, ReplicaCounts } from '@onebox/cluster';
import { textTable } from './text-table';

const HEADER = ['instance', 'state', 'pid', 'address', 'role', 'uptime', 'memory', 'replicas'];

/** A status for people. */
export function statusText(status: ClusterStatus): string {
  const { name, state, health, zookeeper, timeScale, functionLevel, instances, directory } = status;
  const mood = health.healthy ? 'healthy' : state === 'stopped' ? 'stopped' : 'unhealthy';
  const lines = [
    `Cluster '${name}' is ${mood}${state === 'stopped' ? '' : `: ${health.reason}`}.`,
    '',
    textTable(
      HEADER,
      instances.map((instance) => row(instance, state)),
    ),
    '',
    `ZooKeeper        ${zookeeper.provider} at ${zookeeper.hosts}, root ${zookeeper.root}`,
    ...(functionLevel === null ? [] : [`Function level   ${functionLevel}`]),
    `Timers           ${timersText(status) ?? `time scale ${timeScale}`}`,
    ...dashboardLines(status),
    `State directory  ${directory}`,
    ...status.faults.map(
      ({ id, text, untilUnixMs }, i) =>
        `${i === 0 ? 'Faults         ' : '               '}  ${id}: ${text}, ${lastingText(leftOf(untilUnixMs))}`,
    ),
    '',
  ];
  return lines.join('\n');
}

function leftOf(untilUnixMs: number | null): number | null {
  return untilUnixMs === null ? null : untilUnixMs - Date.now();
}

/** Where it is; of one that does not show anything, what became of it. */
function dashboardLines({ dashboard, dashboardProcess }: ClusterStatus): readonly string[] {
  const { state, signal, exitCode } = dashboardProcess ?? {};
  const how = signal ?? (typeof exitCode === 'number' ? `exit code ${exitCode}` : undefined);
  if (state === 'died') {
    return [
      `Dashboard        died${how === undefined ? '' : ` (${how})`}; \`onebox dashboard\` starts it again`,
    ];
  }
  if (dashboard === null) return [];
  return [`Dashboard        ${dashboard}${state === 'frozen' ? ' (frozen)' : ''}`];
}

function row(instance: InstanceStatus, cluster: ClusterStatus['state']): readonly string[] {
  const { name, pid, address, role, leader, uptimeMs, rssBytes, replicas, faults } = instance;
  return [
    name,
    [stateText(instance, cluster), ...faults].join(', '),
    pid?.toString() ?? '-',
    address,
    leader ? 'primary meta' : role,
    uptimeMs === null ? '-' : uptimeText(uptimeMs),
    rssBytes === null ? '-' : `${(rssBytes / 1024 / 1024).toFixed(0)} MB`,
    replicas === null ? '-' : replicasText(replicas),
  ];
}

function stateText(
  { state, exitCode, signal, asked, answering, role }: InstanceStatus,
  cluster: ClusterStatus['state'],
): string {
  // That is how `onebox stop` ends a server: with code 0, or by the signal when the server was still starting. A meta server that
  // loses its session ends with code 0, too, which is news while others run.
  const asAsked = (exitCode === 0 || signal === 'SIGTERM') && (asked || cluster === 'stopped');
  if (state === 'exited' && asAsked) return 'stopped';
  if (state === 'exited') return signal === null ? `exited (${exitCode ?? '?'})` : `killed (${signal})`;
  return state === 'running' && !answering && role !== 'zookeeper' ? 'running, silent' : state;
}

function replicasText({ total, primary, secondary }: ReplicaCounts): string {
  return `${total} (${primary} primary, ${secondary} secondary)`;
}

/** `850ms`, `42s`, `3m 12s`, `5h 3m`, `2d 4h`. */
export function uptimeText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return `${Math.floor(ms)}ms`;
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  return units
    .slice(first, first + 2)
    .map(
      ([unit, size], i) =>
        [unit, Math.floor(i === 0 ? seconds / size : (seconds % (units[first]?.[1] ?? 1)) / size)] as const,
    )
    .filter(([, count], i) => i === 0 || count > 0)
    .map(([unit, count]) => `${count}${unit}`)
    .join(' ');
}

/** The timers in force, in real time: those of a running server; they are the same everywhere. */
function timersText({ instances, timeScale }: ClusterStatus): string | undefined {
  const timers = instances.map((instance) => instance.timers).find((each) => each !== null);
  if (timers === undefined || timers === null) return undefined;
  const sessions = instances.map((instance) => instance.timers?.zookeeperSessionMs ?? null);
  const session = sessions.find((ms) => ms !== null) ?? null;
  const seconds = (ms: number) => `${Math.round(ms) / 1000} s`;
  return [
    `time scale ${timeScale}`,
    `beacon ${seconds(timers.beaconMs)}`,
    `lease ${seconds(timers.leaseMs)}`,
    `grace ${seconds(timers.graceMs)}`,
    `guardian ${seconds(timers.guardianIntervalMs)}`,
    `config-sync ${seconds(timers.configSyncMs)}`,
    ...(session === null ? [] : [`ZooKeeper session ${seconds(session)}`]),
  ].join(', ');
}
