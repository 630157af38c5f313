import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProviderContext } from './provider';
import { renderZooCfg, tickTimeMs } from './zoo-cfg';

/** Writes the `zoo.cfg` of a ZooKeeper that is a process on loopback, and makes its data directory. Gives the file's path. */
export async function writeZooCfg({ directory, port, timeScale }: ProviderContext): Promise<string> {
  const dataDirectory = join(directory, 'data');
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const configuration = join(directory, 'zoo.cfg');
  const settings = { tickTimeMs: tickTimeMs(timeScale), dataDirectory, clientPort: port, bind: '127.0.0.1' };
  await writeFile(configuration, renderZooCfg(settings));
  return configuration;
}
