import type { ClusterFacts } from './cluster-facts';
import { findingsOf } from './finding';
import type { Finding } from './finding';
import { shellWords } from './shell-words';

const say = findingsOf('state');

/** What clusters have left behind below the home: what a stop or a start would have put in order, had it come to its end. */
export function checkState(home: string, clusters: readonly ClusterFacts[]): readonly Finding[] {
  const findings = clusters.flatMap((cluster) => judge(cluster));
  if (findings.length > 0) return findings;
  const count = `${clusters.length} cluster${clusters.length === 1 ? '' : 's'}`;
  const names = clusters.map(({ name }) => name);
  return [
    say.ok(clusters.length === 0 ? `there are no clusters in ${home}` : `${count} in ${home}, in order`, {
      data: { home, clusters: names },
    }),
  ];
}

function judge(cluster: ClusterFacts): readonly Finding[] {
  const { name, directory, record, why, lock, overSince } = cluster;
  // Whoever changes it now puts it in order.
  if (lock?.alive === true) return [];
  const command = (verb: string) => shellWords('onebox', verb, '--name', name);
  const data = { cluster: name, directory };
  if (record === 'none') {
    const summary = `${directory} belongs to no cluster: the start that made it did not come to its end`;
    return [say.warning(summary, { fix: command('clear'), data })];
  }
  if (record === 'bad') {
    return [say.problem(why ?? `the record of ${name} cannot be used`, { fix: command('clear'), data })];
  }
  if (overSince !== undefined) {
    const summary = `the ephemeral cluster '${name}' should be gone: what started it (pid ${overSince}) is`;
    return [say.warning(summary, { fix: command('clear'), data: { ...data, pid: overSince } })];
  }
  return [...deadLock(cluster, command), ...dead(cluster, command)];
}

function deadLock({ name, lock }: ClusterFacts, command: (verb: string) => string): readonly Finding[] {
  if (lock === undefined || lock.alive) return [];
  return [
    say.warning(`the lock of cluster '${name}' is held by pid ${lock.pid} (${lock.doing}), which is gone`, {
      advice: 'The next command takes it; what that one was doing may be half done.',
      fix: command('stop'),
      data: { cluster: name, pid: lock.pid, doing: lock.doing },
    }),
  ];
}

/** A stopped cluster leaves no socket and no record of pm2; one that runs has all of its servers. */
function dead(cluster: ClusterFacts, command: (verb: string) => string): readonly Finding[] {
  const { name, processes, sockets, expected } = cluster;
  const alive = new Set(processes.filter((each) => each.alive).map((each) => each.name));
  const gone = processes.filter((each) => !each.alive);
  const leftover = sockets.filter((each) => !each.alive).map(({ file }) => file);
  if (alive.size === 0) {
    const pm2 = gone.find((each) => each.name === 'pm2');
    if (leftover.length === 0 && pm2 === undefined) return [];
    const what = [...(pm2 === undefined ? [] : [`the record of pm2 (pid ${pm2.pid})`]), ...leftover];
    return [
      say.warning(`cluster '${name}' was not stopped: its processes are gone, ${what.join(', ')} left`, {
        fix: command('stop'),
        data: { cluster: name, sockets: leftover, pids: gone.map(({ pid }) => pid) },
      }),
    ];
  }
  const missing = expected.filter((each) => !alive.has(each));
  const supervisorGone = gone.some((each) => each.name === 'pm2');
  return [
    ...(missing.length === 0
      ? []
      : [
          say.warning(
            `cluster '${name}' runs, but ${missing.join(', ')} ${missing.length === 1 ? 'does' : 'do'} not`,
            {
              fix: command('start'),
              data: { cluster: name, missing },
            },
          ),
        ]),
    ...(supervisorGone
      ? [
          say.warning(`cluster '${name}' runs, but pm2's daemon, which watched over it, is gone`, {
            fix: command('restart'),
            data: { cluster: name },
          }),
        ]
      : []),
  ];
}
