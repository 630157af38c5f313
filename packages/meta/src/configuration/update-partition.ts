import { gpidText } from '@onebox/base';
import type { ErrorCode, Logger } from '@onebox/base';
import type { Chronicle } from '../chronicle';
import type { FunctionLevel } from '../cluster-view';
import { LEVEL_ALLOWS } from '../function-level';
import type { PartitionConfig } from '../state/partition';
import type { ServerState } from '../state/server-state';
import { judgeUpdate } from './judge-update';
import type { UpdateRequest } from './judge-update';
import type { PartitionWriter } from './partition-writer';

export interface UpdateAnswer {
  readonly error: ErrorCode;
  /** The configuration the replica server shall go on with. */
  readonly config: PartitionConfig;
}

/** Serves the updates replica servers ask for; `silence` means that they get no answer and ask again. */
export class PartitionUpdates {
  constructor(
    private readonly state: ServerState,
    private readonly writer: PartitionWriter,
    private readonly level: () => FunctionLevel,
    private readonly chronicle: Chronicle,
    private readonly log: Logger,
  ) {}

  async update(request: UpdateRequest): Promise<UpdateAnswer | 'silence'> {
    const id = gpidText(request.config.gpid);
    const partition = this.state.find(request.config.gpid);
    if (partition === undefined) {
      this.log.warn(`${id}: update refused, there is no such partition`);
      return { error: 'ERR_OBJECT_NOT_FOUND', config: request.config };
    }
    const { table, index } = partition;
    const stored = table.partition(index);
    const verdict = judgeUpdate(stored, request, {
      frozen: !LEVEL_ALLOWS[this.level()].replicaRequests,
      writing: table.context(index).turn.taken,
    });
    switch (verdict.kind) {
      case 'answer':
        this.log.info(
          `${id}: ${request.type} of ${request.node ?? 'nobody'} answered ${verdict.error}: ${verdict.why}`,
        );
        return { error: verdict.error, config: stored };
      case 'silence':
        this.log.info(`${id}: ${request.type} not answered, another change is being written`);
        return 'silence';
      case 'write': {
        const { type, node, next } = verdict;
        const why = this.chronicle.updateAsked(next, type, node);
        const config = await this.writer.change(partition, () => ({ type, node, next, ...why }));
        return { error: 'ERR_OK', config };
      }
    }
  }
}
