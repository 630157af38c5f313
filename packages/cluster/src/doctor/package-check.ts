import { findingsOf } from './finding';
import type { Finding } from './finding';
import { shellWords } from './shell-words';

/** What there is of one bundle in dist/. */
export interface BundleFacts {
  readonly name: string;
  readonly built: boolean;
  /** V8's code cache beside it: taken by this Node, made for another one, or not there. */
  readonly cache: 'used' | 'refused' | 'missing';
}

export interface PackageFacts {
  /** Root of the package. */
  readonly directory: string;
  readonly version: string;
  /** Whether this is a checkout with sources, which can be built; an installed package has only what was built. */
  readonly checkout: boolean;
  readonly bundles: readonly BundleFacts[];
  /** Files that have to be there and are not, relative to the root. */
  readonly missingFiles: readonly string[];
  /** Packages it depends on that cannot be found. */
  readonly missingPackages: readonly string[];
}

const say = findingsOf('package');

/** Whether this installation is whole. */
export function checkPackage(facts: PackageFacts): readonly Finding[] {
  const findings = [...missing(facts), ...caches(facts)];
  if (findings.length > 0) return findings;
  const { version, directory, bundles } = facts;
  const count = bundles.length;
  return [
    say.ok(`pegasus-onebox ${version}: ${count} bundles with code caches, dependencies there`, {
      data: { version, directory, checkout: facts.checkout },
    }),
  ];
}

function missing(facts: PackageFacts): readonly Finding[] {
  const findings: Finding[] = [];
  const files = [
    ...facts.bundles.filter(({ built }) => !built).map(({ name }) => `dist/${name}.js`),
    ...facts.missingFiles,
  ];
  if (files.length > 0) {
    findings.push(
      say.problem(`missing in ${facts.directory}: ${files.join(', ')}`, {
        advice: 'Servers cannot be started without them.',
        fix: facts.checkout ? inDirectory(facts, 'npm run build') : reinstall(facts),
        data: { files },
      }),
    );
  }
  if (facts.missingPackages.length > 0) {
    findings.push(
      say.problem(`packages that cannot be found: ${facts.missingPackages.join(', ')}`, {
        advice: 'They come with npm.',
        fix: facts.checkout ? inDirectory(facts, 'npm ci') : reinstall(facts),
        data: { packages: facts.missingPackages },
      }),
    );
  }
  return findings;
}

function caches(facts: PackageFacts): readonly Finding[] {
  const slow = facts.bundles.filter(({ built, cache }) => built && cache !== 'used');
  if (slow.length === 0) return [];
  const refused = slow.some(({ cache }) => cache === 'refused');
  const names = slow.map(({ name }) => name).join(', ');
  return [
    say.warning(
      refused
        ? `the code caches of ${names} are for another Node: each server starts about 50 ms later`
        : `there are no code caches of ${names}: each server starts about 50 ms later`,
      {
        fix: facts.checkout
          ? inDirectory(facts, 'npm run build')
          : inDirectory(facts, shellWords('node', '-e', WRITE_CACHES)),
        data: { bundles: slow },
      },
    ),
  ];
}

const WRITE_CACHES = "require('./bin/bundle.cjs').writeCaches()";

function inDirectory({ directory }: PackageFacts, command: string): string {
  return `(${shellWords('cd', directory)} && ${command})`;
}

/** An installed package lies in node_modules of something; npm puts it there again. */
function reinstall({ version }: PackageFacts): string {
  return `npm install --force pegasus-onebox@${version}`;
}
