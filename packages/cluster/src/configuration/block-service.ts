import { OneboxError } from '@onebox/base';
import { openBlockService } from '@onebox/server';
import type { BlockFileSystem } from '@onebox/server';
import type { ClusterControl } from '../cluster-control';
import { serversOf } from '../topology';
import { join } from 'node:path';
import { renderServerConfig } from './server-configs';

/**
 * A block service of a cluster, as its servers have it.
 *
 * @throws OneboxError ONEBOX_NO_CLUSTER; ONEBOX_NO_BLOCK_SERVICE when its configuration has none of that name
 */
export function blockServiceOf(
  onebox: Pick<ClusterControl, 'demandRecord' | 'directory'>,
  name: string,
): BlockFileSystem {
  const record = onebox.demandRecord();
  const meta = serversOf(record).find(({ role }) => role === 'meta');
  const files =
    meta &&
    openBlockService(renderServerConfig(record, meta).config, name, {
      baseDirectory: join(onebox.directory, meta.name),
    });
  if (files !== undefined) return files;
  throw new OneboxError('ONEBOX_NO_BLOCK_SERVICE', `the cluster has no block service '${name}'`, {
    nextStep: `Configure it as [block_service.${name}] when the cluster is created, or use local_service.`,
    data: { name },
  });
}
