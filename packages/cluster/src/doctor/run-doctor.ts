import { bounded, describeError } from '@onebox/base';
import { serversOf } from '../topology';
import { localAvailability } from '../zookeeper-provider';
import type { Availability } from '../zookeeper-provider';
import { checkClock } from './clock-check';
import { checkDisk } from './disk-check';
import { checkDocker } from './docker-check';
import type { DockerFacts } from './docker-check';
import { CHECK_NAMES, findingsOf, worstOf } from './finding';
import type { CheckName, Finding, Verdict } from './finding';
import { checkJava } from './java-check';
import { checkLimits } from './limits-check';
import { checkLoopback } from './loopback-check';
import { checkMemory } from './memory-check';
import { checkNode } from './node-check';
import { checkPackage } from './package-check';
import { checkPorts } from './ports-check';
import type { Probes } from './probes';
import { checkProcesses } from './processes-check';
import { checkProvider } from './provider-check';
import { checkState } from './state-check';
import type { Target } from './target';
import { checkTemp } from './temp-check';
import { checkZooKeeper } from './zookeeper-check';

/** What the doctor found out. */
export interface Diagnosis {
  /** The worst of all findings. */
  readonly status: Verdict;
  readonly cluster: string;
  /** Its state directory. */
  readonly directory: string;
  readonly findings: readonly Finding[];
}

/** A check that takes longer has found out something as well. */
const LOOK_WITHIN_MS = 1800;

/** Looks at everything at once. Never rejects: a check that fails or hangs is a finding. */
export async function runDoctor(
  target: Target,
  probes: Probes,
  withinMs: number = LOOK_WITHIN_MS,
): Promise<Diagnosis> {
  const checks = checksOf(target, sharing(probes));
  const findings = await Promise.all(CHECK_NAMES.map((name) => outcome(name, withinMs, checks[name])));
  const all = findings.flat();
  return { status: worstOf(all), cluster: target.name, directory: target.directory, findings: all };
}

async function outcome(
  name: CheckName,
  withinMs: number,
  check: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await bounded(`a look at ${name}`, withinMs, check());
  } catch (error) {
    const data = { error: describeError(error) };
    return [findingsOf(name).warning(`could not be looked at: ${describeError(error)}`, { data })];
  }
}

/** Some probes serve several checks, and cost a process: each is asked once. */
function sharing(probes: Probes): Pick<Probes, 'docker' | 'java' | 'zookeeper'> & { readonly all: Probes } {
  const once = <T>(work: () => T | Promise<T>): (() => Promise<T>) => {
    let asked: Promise<T> | undefined;
    return () => (asked ??= Promise.resolve().then(work));
  };
  return {
    all: probes,
    docker: once(() => probes.docker()),
    java: once(() => probes.java()),
    zookeeper: once(() => probes.zookeeper()),
  };
}

function checksOf(
  target: Target,
  shared: ReturnType<typeof sharing>,
): Readonly<Record<CheckName, () => Promise<readonly Finding[]>>> {
  const { all: probes } = shared;
  const { tools, user, mentions } = probes;
  const { record, shape } = target;
  const servers = serversOf(shape).length;
  const kind = record?.zookeeper.kind;
  return {
    node: async () => checkNode(await probes.node()),
    package: async () => checkPackage(await probes.package()),
    docker: async () => checkDocker(await shared.docker(), { tools, needed: kind === 'docker', user }),
    java: async () =>
      checkJava(await shared.java(), { tools, needed: kind === 'local', mentioned: mentions.java }),
    zookeeper: async () =>
      checkZooKeeper(await shared.zookeeper(), {
        tools,
        needed: kind === 'local',
        mentioned: mentions.zookeeper,
      }),
    provider: async () => {
      const [docker, java, zookeeper, embedded] = await Promise.all([
        shared.docker(),
        shared.java(),
        shared.zookeeper(),
        probes.embedded(),
      ]);
      const local = localAvailability(java, zookeeper);
      const by = { docker: dockerAvailability(docker), local, embedded };
      const imageThere = docker.state === 'ready' ? docker.imageThere : undefined;
      const recorded = record?.zookeeper;
      if (recorded === undefined) return checkProvider({ ...by, imageThere, recorded }, tools);
      const available =
        recorded.kind === 'external' ? await probes.external(recorded.provider) : by[recorded.kind];
      return checkProvider({ ...by, imageThere, recorded: { zookeeper: recorded, available } }, tools);
    },
    ports: async () => checkPorts(await probes.ports()),
    state: async () => checkState(target.home, await probes.clusters()),
    processes: async () =>
      checkProcesses(target.home, await probes.listed(), (directory, name) =>
        probes.recorded(directory, name),
      ),
    disk: async () => checkDisk(await probes.disk(), user),
    temp: async () => checkTemp(await probes.temp()),
    limits: async () => checkLimits(await probes.limits(), servers, tools),
    memory: async () => checkMemory(await probes.memory(), servers, record !== undefined),
    loopback: async () => checkLoopback(await probes.loopback(), tools),
    clock: async () => checkClock(await probes.clock(), tools),
  };
}

/** As `DockerProvider.available` tells it. */
function dockerAvailability(facts: DockerFacts): Availability {
  switch (facts.state) {
    case 'no client':
      return { ok: false, why: 'there is no docker client' };
    case 'no engine':
      return { ok: false, why: facts.why };
    case 'no compose':
      return { ok: false, why: 'there is neither `docker compose` nor `docker-compose`' };
    case 'ready':
      return { ok: true, detail: `${facts.compose} with the image ${facts.image}` };
  }
}
