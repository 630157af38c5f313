import type { Command } from 'commander';
import { registerClear } from './clear';
import { registerControl } from './control';
import { registerExample } from './example';
import { registerQuery } from './query';
import { registerStart } from './start';

/** `onebox bulk-load …`, over the RPCs that the real tools use. */
export function registerBulkLoad(program: Command): void {
  const bulkLoad = program.command('bulk-load').description('Load files from a block service into a table.');
  bulkLoad.addHelpText(
    'after',
    '\nExample:\n  onebox bulk-load example temp && onebox bulk-load start temp && onebox bulk-load query temp',
  );
  for (const register of [registerStart, registerQuery, registerControl, registerClear, registerExample]) {
    register(bulkLoad);
  }
}
