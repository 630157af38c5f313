// Bundles every entry point into one file: loading modules is what a server's start time is made of.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';
import { bundlePage } from './dashboard-page.mjs';
import { bundleDeclarations } from './declarations.mjs';

const root = new URL('../..', import.meta.url).pathname;

/** The commit of this build, as /version shows it: the build of an image is told, a published package has none to ask. */
function gitCommit() {
  const told = process.env['ONEBOX_COMMIT'];
  if (told) return told;
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return 'non-git-repo';
  }
}

// `npm pack` ships dist/ and no sources: there, installing has nothing to build.
if (existsSync(`${root}packages`)) {
  const entryPoints = {
    cli: 'packages/cli/src/main.ts',
    meta: 'packages/meta/src/main.ts',
    replica: 'packages/replica/src/main.ts',
    collector: 'packages/collector/src/main.ts',
    zookeeper: 'packages/zookeeper-embedded/src/main.ts',
    dashboard: 'packages/dashboard/src/main.ts',
    resumer: 'packages/cluster/src/faults/resumer/main.ts',
    api: 'packages/cluster/src/api/main.ts',
  };
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // A script that comes from V8's code cache can `require`, but not `import()` (bin/bundle.cjs).
    supported: { 'dynamic-import': false },
    external: ['pm2', '@datadog/pprof'],
    alias: { 'body-parser': `${root}scripts/build/no-body-parser.cjs` },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    define: { ONEBOX_VERSION: JSON.stringify(version), ONEBOX_COMMIT: JSON.stringify(gitCommit()) },
    logLevel: 'warning',
  });
  writeFileSync(`${root}dist/dashboard.html`, await bundlePage(root));
  // What V8 made of each bundle, for the Node that runs this build.
  createRequire(import.meta.url)('../../bin/bundle.cjs').writeCaches();
  // The API is loaded by the user's own `require` or `import`, and read by the user's compiler.
  const { text, values } = bundleDeclarations(root, `${root}${entryPoints.api}`);
  for (const name of ['api.d.ts', 'api.d.mts']) writeFileSync(`${root}dist/${name}`, text);
  const names = values.join(', ');
  writeFileSync(`${root}dist/api.mjs`, `import api from './api.js';\nexport const { ${names} } = api;\n`);
}
