// The types need nothing around them: neither @types/node nor the DOM.
import type { Onebox, OneboxStartOptions } from 'pegasus-onebox';

export const options: OneboxStartOptions = {
  ports: 'auto',
  timing: 'fast',
  set: { 'replication.lb_interval_ms': 1000 },
};

export async function end(cluster: Onebox): Promise<string | undefined> {
  await cluster[Symbol.asyncDispose]();
  return cluster.collector;
}
