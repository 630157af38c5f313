import { existsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Installation } from '../../life/installation';
import { systemProcessTable } from '../../process-table/process-table';
import { readRecord } from '../../record/record-file';
import { StateDirectory, isStateDirectory } from '../../state-directory/state-directory';
import { readIdentity } from '../../supervisor/launch-script';
import { EmbeddedProvider, ExternalProvider } from '../../zookeeper-provider';
import { DockerProvider } from '../../zookeeper-provider/docker/docker-provider';
import { findJava } from '../../zookeeper-provider/java-installation';
import { findZooKeeper } from '../../zookeeper-provider/zookeeper-installation';
import type { ClockFacts } from '../clock-check';
import type { ClusterFacts } from '../cluster-facts';
import type { Probes } from '../probes';
import { recordFileOf } from '../processes-check';
import { quietly } from '../target';
import type { Target } from '../target';
import { findTools } from './find-tools';
import { listProcesses } from './list-processes';
import { probeClusters } from './probe-clusters';
import { probeDisk, probeTemp } from './probe-disk';
import { probeDocker } from './probe-docker';
import { probeLimits } from './probe-limits';
import { probeLoopback } from './probe-loopback';
import { probeMemory } from './probe-memory';
import { probePackage, readPackageJson } from './probe-package';
import { probePorts } from './probe-ports';

/** What a Java that does not tell its version otherwise may take to start. */
const JAVA_WITHIN_MS = 1500;

/** This machine. */
export function systemProbes(
  target: Target,
  installation: Installation,
  environment: NodeJS.ProcessEnv,
): Probes {
  const root = dirname(installation.template);
  const table = systemProcessTable();
  const { composeFile, zookeeperProgram } = installation;
  let found: readonly ClusterFacts[] | undefined;
  const clusters = () => (found ??= probeClusters(target.home, table));
  return {
    user: userName(environment),
    tools: findTools(environment),
    mentions: {
      java: (environment['JAVA_HOME'] ?? '') !== '',
      zookeeper: (environment['ZOOKEEPER_HOME'] ?? '') !== '',
    },
    node: () => ({
      version: process.versions.node,
      wanted: readPackageJson(root).engines?.node ?? '',
      program: process.execPath,
      platform: process.platform,
    }),
    package: () => probePackage(root),
    docker: () => probeDocker(environment, new DockerProvider({ composeFile, env: environment }).image),
    java: () => findJava(environment, JAVA_WITHIN_MS),
    zookeeper: () => findZooKeeper(environment),
    embedded: () => new EmbeddedProvider(zookeeperProgram).available(),
    external: (hosts) => new ExternalProvider(hosts).available(),
    ports: () => probePorts(target, clusters(), table, environment),
    clusters,
    listed: listProcesses,
    recorded: (directory, name) => ({
      place: !existsSync(directory) ? 'gone' : isStateDirectory(directory) ? 'ours' : 'foreign',
      pid: readIdentity(recordFileOf(directory, name))?.pid,
    }),
    disk: () => probeDisk(target.home, target.name),
    temp: probeTemp,
    limits: probeLimits,
    memory: () =>
      probeMemory(
        clusters().find(({ name }) => name === target.name),
        table,
      ),
    loopback: probeLoopback,
    clock: () => probeClock(target.home, root, clusters()),
  };
}

function probeClock(home: string, root: string, clusters: readonly ClusterFacts[]): ClockFacts {
  const built = statSync(join(root, 'package.json')).mtimeMs;
  const created = clusters.flatMap(({ name, record }) => {
    const read = record === 'good' ? quietly(() => readRecord(new StateDirectory(home, name))) : undefined;
    const unixMs = Date.parse(read?.createdAt ?? '');
    return Number.isNaN(unixMs) ? [] : [{ what: `the record of cluster '${name}'`, unixMs }];
  });
  return { nowUnixMs: Date.now(), past: [{ what: 'this installation', unixMs: built }, ...created] };
}

function userName(environment: NodeJS.ProcessEnv): string {
  // A user without an entry in the system's list, as containers have them, has no name.
  return environment['USER'] || quietly(() => userInfo().username) || String(process.getuid?.() ?? 'me');
}
