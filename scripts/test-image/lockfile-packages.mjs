// Gives a second npm cache what the first one has of package-lock.json, so that `npm ci --offline` does with it.
//   node lockfile-packages.mjs FROM TO REGISTRY
// Where the lockfile does not say a tarball's address, npm asks first what the registry says of the package. Both answers lie in
// the cache below the address they came from, and their contents below their digests (cacache's layout).
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [from, to, registry] = process.argv.slice(2);
const lockfile = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));
const lacking = [];

for (const [path, { name = nameIn(path), version, integrity, optional }] of Object.entries(
  lockfile.packages,
)) {
  if (integrity === undefined) continue;
  if (give(contentFile(integrity))) {
    giveEntries(`${registry}${name.replace('/', '%2f')}`);
    giveEntries(`${registry}${name}/-/${name.replace(/.*\//, '')}-${version}.tgz`);
  } else if (!optional) lacking.push(name); // parts for other systems are optional, and not here
}
if (lacking.length > 0) {
  console.error(`npm's cache ${from} lacks ${lacking.join(', ')}`);
  process.exit(1);
}

function nameIn(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** What the cache knows under an address, and the newest content of it. */
function giveEntries(address) {
  const key = `make-fetch-happen:request-cache:${address}`;
  const bucket = split('_cacache/index-v5', createHash('sha256').update(key).digest('hex'));
  if (!give(bucket)) return;
  const entries = readFileSync(join(from, bucket), 'utf8').split('\n').filter(Boolean);
  const { integrity } = JSON.parse(entries.at(-1).split('\t')[1]);
  if (integrity) give(contentFile(integrity));
}

function contentFile(integrity) {
  const [algorithm, digest] = integrity.split('-');
  return split(join('_cacache/content-v2', algorithm), Buffer.from(digest, 'base64').toString('hex'));
}

function split(directory, hex) {
  return join(directory, hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
}

/** Whether there is such a file. Its copy is a link, which is packed as the file. */
function give(file) {
  if (!existsSync(join(from, file))) return false;
  if (!existsSync(join(to, file))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    symlinkSync(join(from, file), join(to, file));
  }
  return true;
}
