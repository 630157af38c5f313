import { zookeeperThroughput } from './zookeeper-load.mjs';
const port = Number(process.argv[2]);
for (const [w, c] of [['creates', 1], ['gets', 1], ['creates', 8], ['gets', 8]]) console.log(w, c, await zookeeperThroughput(port, w, { connections: c, warmUpMs: 1000, measuredMs: 1000 }));
process.exit(0);
