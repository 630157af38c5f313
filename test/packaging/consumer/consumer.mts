// A user's TypeScript. Compiled with --strict as an ES module and as CommonJS, and run: what it prints is compared.
import { Onebox, OneboxError } from 'pegasus-onebox';
import type { ClusterStatus, InstanceName, ListedTable, OneboxStartOptions, TableSpec } from 'pegasus-onebox';

const users: TableSpec = { name: 'users', partitions: 2 };
const options: OneboxStartOptions = {
  metas: 1,
  replicas: 1,
  collector: false,
  tables: [users],
  timeoutMs: 60_000,
};

async function main(): Promise<void> {
  let name: string;
  {
    await using cluster = await Onebox.start(options);
    name = cluster.name;
    const status: ClusterStatus = await cluster.waitFor(({ health }) => health.healthy, {
      timeoutMs: 30_000,
    });
    const tables: readonly ListedTable[] = await cluster.tables();
    const killed: InstanceName = await cluster.kill('leader');
    console.log(
      JSON.stringify({
        metas: cluster.metaServers.length,
        collector: cluster.collector ?? null,
        killed,
        leader: status.leader === cluster.metaServers[0],
        tables: tables.map((table) => `${table.name}/${table.partitionCount}`),
      }),
    );
  }
  const error: unknown = await Onebox.attach(name).catch((reason: unknown) => reason);
  console.log(error instanceof OneboxError ? error.code : error);
}

/** What the compiler is to refuse. */
export async function refused(cluster: Onebox): Promise<void> {
  // @ts-expect-error: a number
  await Onebox.start({ metas: 'three' });
  // @ts-expect-error: no such option
  await Onebox.start({ replica: 3 });
  // @ts-expect-error: no instance is called so
  await cluster.kill('server1');
  // @ts-expect-error: only `healthy` has a word
  await cluster.waitFor('ready');
  // @ts-expect-error: a cluster is had from `start`
  new Onebox();
}

void main();
