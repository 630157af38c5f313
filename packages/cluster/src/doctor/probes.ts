import type { Availability } from '../zookeeper-provider';
import type { JavaInstallation } from '../zookeeper-provider/java-installation';
import type { ZooKeeperInstallation } from '../zookeeper-provider/zookeeper-installation';
import type { ClockFacts } from './clock-check';
import type { ClusterFacts } from './cluster-facts';
import type { DiskFacts } from './disk-check';
import type { DockerFacts } from './docker-check';
import type { LimitFacts } from './limits-check';
import type { LoopbackFacts } from './loopback-check';
import type { MachineTools } from './machine-tools';
import type { MemoryFacts } from './memory-check';
import type { NodeFacts } from './node-check';
import type { PackageFacts } from './package-check';
import type { PortsQuestion } from './ports-check';
import type { ListedProcess, RecordedProcess } from './processes-check';
import type { TempFacts } from './temp-check';

type Maybe<T> = T | Promise<T>;

/** How the doctor looks at the machine. Nothing it does changes anything; a look takes no longer than the doctor waits. */
export interface Probes {
  /** Name of the user. */
  readonly user: string;
  readonly tools: MachineTools;
  /** Whether JAVA_HOME, ZOOKEEPER_HOME are set. */
  readonly mentions: { readonly java: boolean; readonly zookeeper: boolean };
  node(): Maybe<NodeFacts>;
  package(): Maybe<PackageFacts>;
  docker(): Maybe<DockerFacts>;
  java(): Maybe<JavaInstallation | { readonly why: string }>;
  zookeeper(): Maybe<ZooKeeperInstallation | { readonly why: string }>;
  embedded(): Maybe<Availability>;
  external(hosts: string): Maybe<Availability>;
  ports(): Maybe<PortsQuestion>;
  clusters(): Maybe<readonly ClusterFacts[]>;
  listed(): Maybe<readonly ListedProcess[]>;
  recorded(directory: string, name: string): RecordedProcess;
  disk(): Maybe<DiskFacts>;
  temp(): Maybe<TempFacts>;
  limits(): Maybe<LimitFacts>;
  memory(): Maybe<MemoryFacts>;
  loopback(): Maybe<LoopbackFacts>;
  clock(): Maybe<ClockFacts>;
}
