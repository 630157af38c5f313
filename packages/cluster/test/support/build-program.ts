import { join } from 'node:path';
import { build } from 'esbuild';

const PROJECT = join(__dirname, '../../../..');

/** Bundles a program of the project into one file, as the build does. */
export async function buildProgram(source: string, outfile: string): Promise<void> {
  await build({
    absWorkingDir: PROJECT,
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['pm2'],
    define: { ONEBOX_VERSION: '"1.2.3"', ONEBOX_COMMIT: '"test"' },
    logLevel: 'error',
  });
}

/** Servers that only pretend (fake-server.ts). */
export function buildFakeServer(outfile: string): Promise<void> {
  return buildProgram('packages/cluster/test/support/fake-server.ts', outfile);
}
