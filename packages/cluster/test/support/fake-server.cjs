// Behaves as `pegasus_server config.ini -app_list ROLE`, as far as the life of a cluster looks at it. meta1 always leads.
// What it does wrong is in FAKE_FILE (JSON): { "dies": { "meta2": 3 }, "ignoresTerm": ["meta1"], "lacks": [[table, partition]] }
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const path = require('node:path');

const [, , configFile, , role] = process.argv;
const config = fs.readFileSync(configFile, 'utf8');
const value = (section, key) => {
  const text = config.split(`[${section}]`)[1].split('\n[')[0];
  return new RegExp(`^${key} = (.*)$`, 'm').exec(text)[1];
};
const instance = value('onebox', 'instance');
const wrong = JSON.parse(fs.readFileSync(path.join(path.dirname(__filename), 'wrong.json'), 'utf8'));
const port = Number(value(`apps.${role}`, 'ports'));
const metas = value('meta_server', 'server_list').split(',');
const replicaCount = Number(value('onebox', 'replica_count'));
// Every file has the base port of the replica servers, or the own one.
const replicaBase = role === 'replica' ? 0 : Number(value('apps.replica', 'ports'));

if (instance in (wrong.dies ?? {})) {
  console.error(`F2026-01-01 assertion failed in ${instance}`);
  console.error('dsn exit with code ' + wrong.dies[instance]);
  process.exit(wrong.dies[instance]);
}

fs.mkdirSync('log', { recursive: true });
fs.writeFileSync(`log/${role}.log`, `I2026-01-01 ${instance} starts\nI2026-01-01 ${instance} listens\n`);
process.on('SIGTERM', () => {
  if (!(wrong.ignoresTerm ?? []).includes(instance)) process.exit(0);
});

const lacking = wrong.lacks ?? [];
const partitions = Array.from({ length: 8 }, (_, i) => {
  const present = lacking.includes(i) ? 0 : Math.min(3, replicaCount);
  return {
    pidx: String(i),
    ballot: String(present),
    replica_count: `${present}/3`,
    primary: present === 0 ? '-' : `127.0.0.1:${replicaBase + 1}`,
    secondaries: '[]',
  };
});
const unhealthy = partitions.filter((row) => row.replica_count !== '3/3').length;

const answers = {
  '/meta/cluster': { primary_meta_server: metas[0], meta_function_level: 'steady' },
  '/meta/nodes?detail': {
    details: Object.fromEntries(
      Array.from({ length: replicaCount }, (_, i) => {
        const address = `127.0.0.1:${replicaBase + i + 1}`;
        return [address, { address, status: 'ALIVE', primary_count: '0', secondary_count: '0' }];
      }),
    ),
  },
  '/meta/apps?detail': {
    general_info: { 1: { app_id: '1', app_name: 'temp', replica_count: '3' } },
    healthy_info: {
      1: {
        app_id: '1',
        app_name: 'temp',
        partition_count: '8',
        fully_healthy: String(8 - unhealthy),
        unhealthy: String(unhealthy),
        write_unhealthy: String(lacking.length),
        read_unhealthy: String(lacking.length),
      },
    },
  },
  '/meta/app?name=temp&detail': { replicas: Object.fromEntries(partitions.map((row) => [row.pidx, row])) },
};

http
  .createServer((request, response) => {
    if (!request.url.startsWith('/meta/')) return response.end('{}');
    if (instance !== 'meta1') {
      response.writeHead(307, { Location: `http://${metas[0]}${request.url}` });
      return response.end();
    }
    return response.end(`${JSON.stringify(answers[request.url])}\n`);
  })
  .listen(port, '127.0.0.1');

const status = {
  timers: { beaconMs: 300, zookeeperSessionMs: role === 'meta' ? 4000 : null },
  facts:
    role === 'replica'
      ? {
          lease: { state: 'connected' },
          replicas: { total: 8, primary: 3, secondary: 5, learning: 0, inactive: 0, error: 0 },
        }
      : {},
};
fs.rmSync('control.sock', { force: true });
net
  .createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(`${JSON.stringify({ ok: true, result: status })}\n`));
  })
  .listen('control.sock');
