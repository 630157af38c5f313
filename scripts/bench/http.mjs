// Requests per second of /meta/cluster against the smallest Express and node:http servers with the same body, and memory.
import {
  PORT_OFFSET,
  get,
  median,
  onebox,
  requestsPerSecond,
  rssMiB,
  startBare,
  stopped,
  until,
  withCluster,
} from './measure.mjs';

const ROUNDS = 3;
const SECONDS = 3;

export function measureHttpAndMemory() {
  return withCluster(async (home) => {
    const status = JSON.parse(await onebox(home, 'status', '--json'));
    const bareMemory = startBare(17_120);
    await until('the bare server', () => get(17_120));
    const bareRss = rssMiB(bareMemory.pid);
    await stopped(bareMemory);
    const servers = status.instances.filter(({ name }) => name !== 'zookeeper');
    const rss = servers.map(({ pid }) => rssMiB(pid));

    let leader;
    for (const port of [1, 2, 3].map((number) => 34_600 + PORT_OFFSET + number)) {
      if ((await get(port, '/meta/cluster')).status === 200) leader = port;
    }
    const { body } = await get(leader, '/meta/cluster');
    const rates = { ours: [], express: [], http: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      rates.ours.push(await requestsPerSecond(leader, '/meta/cluster', SECONDS));
      for (const [kind, port] of [
        ['express', 17_121],
        ['http', 17_122],
      ]) {
        const server = startBare(port, kind, body);
        await until(kind, () => get(port, '/meta/cluster'));
        rates[kind].push(await requestsPerSecond(port, '/meta/cluster', SECONDS));
        await stopped(server);
      }
    }
    const [ours, express, plain] = [rates.ours, rates.express, rates.http].map(median);
    return [
      ['/meta/cluster, requests per second', ours.toFixed(0)],
      ['against a bare Express server, reach ≥ 0.7', `${(ours / express).toFixed(2)} ×`],
      ['against a bare node:http server', `${(ours / plain).toFixed(2)} ×`],
      ['memory of an idle healthy server (largest), reach ≤ 75 MiB', `${Math.max(...rss).toFixed(0)} MiB`],
      [
        'memory against a bare Node server (mean)',
        `${(rss.reduce((a, b) => a + b, 0) / rss.length / bareRss).toFixed(2)} ×`,
      ],
    ];
  });
}
