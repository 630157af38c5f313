import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Script } from 'node:vm';
import type { BundleFacts, PackageFacts } from '../package-check';

/** What is built: the command, the servers, the embedded ZooKeeper (scripts/build/build.mjs). */
const BUNDLES = ['cli', 'meta', 'replica', 'collector', 'zookeeper'] as const;
const FILES = ['onebox.ini', 'docker-compose.yml', 'bin/pegasus_server', 'bin/zookeeper_embedded'] as const;
/** What is not in the bundles. */
const PACKAGES = ['pm2', '@datadog/pprof'] as const;

interface PackageJson {
  readonly version: string;
  readonly engines?: { readonly node?: string };
}

export function readPackageJson(directory: string): PackageJson {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as PackageJson;
}

/** @param directory root of the package */
export function probePackage(directory: string): PackageFacts {
  const load = createRequire(join(directory, 'package.json'));
  const paths = (name: string) => load.resolve.paths(name) ?? [];
  return {
    directory,
    version: readPackageJson(directory).version,
    checkout: existsSync(join(directory, 'scripts/build/build.mjs')),
    bundles: BUNDLES.map((name) => probeBundle(directory, name, load)),
    missingFiles: FILES.filter((file) => !existsSync(join(directory, file))),
    missingPackages: PACKAGES.filter((name) =>
      paths(name).every((path) => !existsSync(join(path, name, 'package.json'))),
    ),
  };
}

function probeBundle(directory: string, name: string, load: NodeJS.Require): BundleFacts {
  const file = join(directory, 'dist', `${name}.js`);
  if (!existsSync(file)) return { name, built: false, cache: 'missing' };
  if (!existsSync(`${file}.cache`)) return { name, built: true, cache: 'missing' };
  // What loads a bundle is asked, so that it is the same look that a start takes.
  const { bundleScript } = load('./bin/bundle.cjs') as { bundleScript: (name: string) => { script: Script } };
  const refused = bundleScript(name).script.cachedDataRejected === true;
  return { name, built: true, cache: refused ? 'refused' : 'used' };
}
