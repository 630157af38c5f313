import type { HttpHandler } from '@onebox/server';
import type { ReplicaStub } from '../replica-stub';
import { dataVersion } from './data-version';
import { replicaDuplication } from './replica-duplication';
import type { ReplicaDuplicationVariants } from './replica-duplication';
import { replicaManualCompaction } from './replica-manual-compaction';

/** The `/replica/...` calls of a server, by path; none redirects (reference/http-api.md 3.21, 3.22). */
export function replicaHttpHandlers(
  stub: Pick<ReplicaStub, 'all'>,
  variants: ReplicaDuplicationVariants,
  duplicationEnabled: boolean,
): Readonly<Record<string, HttpHandler>> {
  return {
    '/replica/data_version': (request) => dataVersion(stub.all(), request),
    '/replica/duplication': (request) => {
      const replicas = [...stub.all()].map(({ duplication }) => duplication);
      return replicaDuplication(duplicationEnabled, replicas, variants, request);
    },
    '/replica/manual_compaction': (request) => replicaManualCompaction(stub.all(), request),
  };
}
