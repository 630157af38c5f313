import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The template of the product. */
export const TEMPLATE = {
  file: 'onebox.ini',
  text: readFileSync(join(__dirname, '../../../../onebox.ini'), 'utf8'),
};

/** What the first meta of a default cluster is rendered with. */
export const VALUES = {
  APP_NAME: 'temp',
  BIND: '127.0.0.1',
  CLUSTER_NAME: 'onebox',
  CLUSTER_ROOT: '/pegasus/onebox/127.0.0.1',
  COLLECTOR_PORT: 34101,
  INSTANCE: 'meta1',
  LOCAL_HOSTNAME: '127.0.0.1',
  META_COUNT: 3,
  META_PORT: 34601,
  META_SERVER_LIST: '127.0.0.1:34601,127.0.0.1:34602,127.0.0.1:34603',
  PARTITION_COUNT: 8,
  PROMETHEUS_PORT: 9092,
  PEGASUS_VERSION: 'documented',
  REPLICA_COUNT: 3,
  REPLICA_PORT: 34800,
  TIME_SCALE: 0.1,
  ZOOKEEPER_HOSTS: '127.0.0.1:22181',
  CLUSTER_ID: 1,
  PEER_CLUSTER: 'onebox2',
  PEER_CLUSTER_ID: 2,
  PEER_META_SERVER_LIST: '127.0.0.1:35601,127.0.0.1:35602,127.0.0.1:35603',
};
