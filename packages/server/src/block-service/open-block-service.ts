import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeError } from '@onebox/base';
import type { Config } from '../config/config';
import { BlockError } from './block-error';
import type { BlockFileSystem } from './block-file-system';
import { LocalService } from './local-service';

/** Relative to a server's directory: one for all servers of a cluster. */
const DEFAULT_ROOT = '../block_service/local_service';

/**
 * The provider that section `[block_service.<name>]` configures. As upstream, the first word of `args` is the root; here it is
 * relative to the server's directory, and the directory is made. Of upstream's types there is `local_service`.
 *
 * @param name comes over the wire, and may be anything
 * @returns undefined when there is no such section, or its type does not exist here
 * @throws BlockError ERR_FS_INTERNAL when the root cannot be made
 */
export function openBlockService(
  config: Config,
  name: string,
  options: { readonly baseDirectory: string },
): BlockFileSystem | undefined {
  const section = `block_service.${name}`;
  if (config.text(section, 'type') !== 'local_service') return undefined;
  const [root = DEFAULT_ROOT] = (config.text(section, 'args') ?? '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const absolute = resolve(options.baseDirectory, root);
  try {
    mkdirSync(absolute, { recursive: true });
  } catch (error) {
    throw new BlockError('ERR_FS_INTERNAL', `${absolute} cannot be made: ${describeError(error)}`, {
      cause: error,
    });
  }
  return new LocalService(absolute);
}
