const { readdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { setTimeout: later } = require('node:timers/promises');
const { Onebox } = require('pegasus-onebox');

const { JEST_WORKER_ID: worker, ONEBOX_HOME: home } = process.env;

/** A worker's cluster, which stays until all three workers have one. */
module.exports = () =>
  test('a worker has a cluster of its own', async () => {
    const cluster = await Onebox.start({
      ...{ metas: 1, replicas: 1, collector: false },
      tables: [{ name: `worker${worker}`, partitions: 1 }],
    });
    process.stdout.write(`cluster at ${cluster.metaServers.join()}\n`);
    writeFileSync(join(home, `up${worker}`), '');
    const deadline = Date.now() + 30_000;
    while (readdirSync(home).filter((name) => /^up\d$/.test(name)).length < 3) {
      if (Date.now() > deadline) throw new Error('the three clusters were never up at the same time');
      await later(20);
    }
    const tables = (await cluster.tables()).map(({ name }) => name);
    expect(tables).toEqual(['stat', `worker${worker}`]);
    await cluster.stop();
  });
