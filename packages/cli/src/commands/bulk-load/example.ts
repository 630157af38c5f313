import { OneboxError } from '@onebox/base';
import { TableAdmin, blockServiceOf, exampleFiles, writeLoadFiles } from '@onebox/cluster';
import type { Command } from 'commander';
import { parseInteger } from '../../integer';
import { oneboxOf } from '../../open-cluster';
import { withMeta } from '../../with-meta';
import { clusterOf, withPlaceOptions } from './place';
import type { PlaceOptions } from './place';

/** `onebox bulk-load example TABLE`: a set of files to try a load with, in this cluster's block service. */
export function registerExample(bulkLoad: Command): void {
  withPlaceOptions(bulkLoad.command('example').argument('<table>', 'table'))
    .option('--files <count>', 'files per partition', parseInteger, 2)
    .description('Write files to try a load with: the layout is real, the content is not.')
    .addHelpText('after', '\nExample:\n  onebox bulk-load example temp --files 3')
    .action((name: string, options: PlaceOptions & { readonly files: number }, command: Command) => {
      if (options.files < 1) {
        throw new OneboxError('ONEBOX_USAGE', '--files is at least 1', { nextStep: 'Write: --files 2' });
      }
      return withMeta(command, async (meta, print) => {
        const table = (await new TableAdmin(meta).list()).find(
          (each) => each.name === name && each.status !== 'DROPPED',
        );
        if (table === undefined) {
          throw new OneboxError('ERR_APP_NOT_EXIST', `there is no table '${name}'`, {
            nextStep: 'See `onebox app list`.',
          });
        }
        const { root } = options;
        const clusterName = clusterOf(options, command);
        const count = await writeLoadFiles(
          blockServiceOf(oneboxOf(command), options.provider),
          { root, clusterName, appName: name, appId: table.id, partitionCount: table.partitionCount },
          (index) => exampleFiles(name, index, options.files),
        );
        print(
          `${count} files are in ${root}/${clusterName}/${name} of the block service '${options.provider}'.`,
        );
      });
    });
}
