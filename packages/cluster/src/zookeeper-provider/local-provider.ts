import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { OneboxError } from '@onebox/base';
import { classDataArguments } from './class-data-archive';
import { type JavaInstallation, findJava } from './java-installation';
import type { Availability, PreparedZooKeeper, ProviderContext, ZooKeeperProvider } from './provider';
import { writeZooCfg } from './write-zoo-cfg';
import { type ZooKeeperInstallation, findZooKeeper } from './zookeeper-installation';

const MAIN_CLASS = 'org.apache.zookeeper.server.ZooKeeperServerMain';

/**
 * What makes a small server ready soonest and with the least work and memory. Measured on Java 17 and two cores, until it
 * serves: 374 ms, 270 ms of CPU and 63 MB without, 311 ms, 240 ms and 47 MB with it and a quiet log.
 */
const LEAN = [
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
  '-Xms16m',
  '-Xmx256m',
  '-Djava.net.preferIPv4Stack=true',
];

/** Warnings only, to standard error, whichever logger the installation comes with. Its default, INFO, slows the start. */
const LOGBACK_XML = `<configuration>
  <appender name="STDERR" class="ch.qos.logback.core.ConsoleAppender">
    <target>System.err</target>
    <encoder><pattern>%d{ISO8601} %-5p %c{1} - %m%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="STDERR"/></root>
</configuration>
`;
const LOG4J_PROPERTIES = `log4j.rootLogger=WARN, STDERR
log4j.appender.STDERR=org.apache.log4j.ConsoleAppender
log4j.appender.STDERR.target=System.err
log4j.appender.STDERR.layout=org.apache.log4j.PatternLayout
log4j.appender.STDERR.layout.ConversionPattern=%d{ISO8601} %-5p %c{1} - %m%n
`;

/** What somebody does who lacks it. A cluster's ZooKeeper never changes: the embedded one is for a new cluster. */
export const INSTALL_LOCAL =
  "Install Debian's package `zookeeper`, or set ZOOKEEPER_HOME and JAVA_HOME; a new cluster can use --zookeeper embedded.";

/** Whether this machine's ZooKeeper can be run, from what was found. */
export function localAvailability(
  java: JavaInstallation | { why: string },
  zookeeper: ZooKeeperInstallation | { why: string },
): Availability {
  if ('why' in zookeeper) return { ok: false, why: zookeeper.why };
  if ('why' in java) return { ok: false, why: java.why };
  const version = zookeeper.version ?? '(version unknown)';
  return { ok: true, detail: `ZooKeeper ${version} from ${zookeeper.directory}, Java ${java.version}` };
}

/** Apache ZooKeeper from this machine, run with `java` by the cluster's supervisor. */
export class LocalProvider implements ZooKeeperProvider {
  readonly kind = 'local';
  readonly recorded = 'local';

  constructor(private readonly env: NodeJS.ProcessEnv = process.env) {}

  async available(): Promise<Availability> {
    return localAvailability(...(await Promise.all([findJava(this.env), findZooKeeper(this.env)])));
  }

  async prepare(context: ProviderContext): Promise<PreparedZooKeeper> {
    const found = await this.find();
    if ('why' in found) {
      throw new OneboxError(
        'ONEBOX_NO_ZOOKEEPER',
        `no ZooKeeper can be run from this machine: ${found.why}`,
        {
          nextStep: INSTALL_LOCAL,
          data: { why: found.why },
        },
      );
    }
    const { directory, port } = context;
    const configuration = await writeZooCfg(context);
    const logback = join(directory, 'logback.xml');
    const log4j = join(directory, 'log4j.properties');
    await writeFile(logback, LOGBACK_XML);
    await writeFile(log4j, LOG4J_PROPERTIES);
    return {
      kind: 'process',
      hosts: `127.0.0.1:${port}`,
      spec: {
        name: 'zookeeper',
        command: found.java.command,
        args: [
          ...LEAN,
          ...(await classDataArguments(found.java, found.zookeeper.jars, this.env)),
          '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
          '-Dorg.slf4j.simpleLogger.showDateTime=true',
          `-Dlogback.configurationFile=${logback}`,
          `-Dlog4j.configuration=file:${log4j}`,
          '-cp',
          found.zookeeper.jars.join(delimiter),
          MAIN_CLASS,
          configuration,
        ],
        cwd: directory,
        outputFile: join(directory, 'zookeeper.log'),
      },
    };
  }

  private async find(): Promise<
    { java: JavaInstallation; zookeeper: ZooKeeperInstallation } | { why: string }
  > {
    const [java, zookeeper] = await Promise.all([findJava(this.env), findZooKeeper(this.env)]);
    if ('why' in zookeeper) return zookeeper;
    return 'why' in java ? java : { java, zookeeper };
  }
}
