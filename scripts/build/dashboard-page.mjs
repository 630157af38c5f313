// Puts the dashboard's page into one file: HTML with its style and its script in it, so that the page asks for nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** What the server puts a fresh nonce in for with each answer (packages/dashboard/src/server/page.ts). */
const NONCE = 'ONEBOX_NONCE';

/** @param root the project's directory */
export async function bundlePage(root) {
  const page = join(root, 'packages/dashboard/src/page');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { script: join(page, 'main.ts'), style: join(page, 'style.css') },
    outdir: 'dist',
    bundle: true,
    write: false,
    platform: 'browser',
    target: ['es2022', 'chrome110', 'firefox115', 'safari16'],
    format: 'iife',
    // A style may bring its pictures along; nothing is loaded from anywhere.
    loader: { '.svg': 'dataurl', '.png': 'dataurl' },
    minify: true,
    charset: 'utf8',
    logLevel: 'warning',
  });
  const text = (end) => outputFiles.find(({ path }) => path.endsWith(end)).text;
  const html = readFileSync(join(page, 'index.html'), 'utf8');
  const parts = {
    '<!-- style -->': `<style nonce="${NONCE}">${text('.css')}</style>`,
    '<!-- script -->': `<script nonce="${NONCE}">${text('.js').replaceAll('</script', '<\\/script')}</script>`,
  };
  return Object.entries(parts).reduce((page, [place, part]) => {
    if (page.split(place).length !== 2) throw new Error(`index.html has to have ${place} once`);
    return page.replace(place, () => part);
  }, html);
}
