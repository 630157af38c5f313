import { readFileSync } from 'node:fs';
import { OneboxError, describeError } from '@onebox/base';
import { FileJournal } from './journal/file-journal';
import type { Journal } from './journal/journal';
import { MemoryJournal } from './journal/memory-journal';
import { EmbeddedZooKeeper } from './server';
import { type ZooCfg, parseZooCfg } from './zoo-cfg';

/** One event a line on standard error, which the cluster's supervisor keeps as zookeeper.log. */
function log(message: string): void {
  process.stderr.write(`${new Date().toISOString()} ${message}\n`);
}

function die(error: unknown): never {
  log(`fatal: ${describeError(error)}`);
  if (error instanceof OneboxError && error.nextStep !== undefined) log(error.nextStep);
  process.exit(1);
}

// Not imported late: that would put all of @onebox/base into the bundle, with the log library that other servers need.
async function openJournal(cfg: ZooCfg, inMemory: boolean): Promise<Journal> {
  if (inMemory) return new MemoryJournal();
  return FileJournal.open(cfg.dataDirectory, { snapshotAfterBytes: cfg.snapshotAfterBytes, warn: log });
}

async function main(file: string, inMemory: boolean): Promise<void> {
  const cfg = parseZooCfg(readFileSync(file, 'utf8'));
  if (cfg.unknown.length > 0) log(`zoo.cfg: not known here: ${cfg.unknown.join(', ')}`);
  // From here on there is a lock to be given back: a start that is interrupted is finished, and closed.
  const asked = new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  const journal = await openJournal(cfg, inMemory);
  const server = await EmbeddedZooKeeper.start({
    host: cfg.host,
    port: cfg.clientPort,
    tickTimeMs: cfg.tickTimeMs,
    minSessionTimeoutMs: cfg.minSessionTimeoutMs,
    maxSessionTimeoutMs: cfg.maxSessionTimeoutMs,
    maxClientCnxns: cfg.maxClientCnxns,
    maxConnections: cfg.maxConnections,
    fourLetterWords: cfg.fourLetterWords,
    dataDirectory: inMemory ? '' : cfg.dataDirectory,
    journal,
    log,
    onFailure: die,
  }).catch(async (error: unknown) => {
    // Its port may be taken: whoever starts next is not to find a lock.
    await journal.close();
    throw error;
  });
  void asked.then(() => server.close()).then(() => process.exit(0), die);
  log(`the embedded ZooKeeper serves ${cfg.host}:${server.port}${inMemory ? ', keeping nothing' : ''}`);
}

const [file, flag, ...rest] = process.argv.slice(2);
if (file === undefined || rest.length > 0 || (flag !== undefined && flag !== '--in-memory')) {
  process.stderr.write('usage: zookeeper_embedded ZOO_CFG [--in-memory]\n');
  process.exit(2);
}
main(file, flag === '--in-memory').catch(die);
