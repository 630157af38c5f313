import { OneboxError, describeError } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { IngestionResponse } from '@onebox/protocol';
import { members } from '../state/partition';
import type { PartitionConfig } from '../state/partition';
import type { SharedByLoads } from './bulk-load-parts';
import type { Verdict } from './judge-reply';
import { INGESTING_PERIOD_MS, REQUEST_PERIOD_MS, UNHEALTHY_RETRY_MS } from './load-info';
import type { PartitionLoadInfo, TableLoadInfo } from './load-info';
import { askToIngest } from './load-requests';
import { hasIngested } from './load-steps';

/** How long a primary that could not begin is left alone, Pegasus ms. */
const TRY_AGAIN_MS = 10;

/** What ingestion needs from its load. */
export interface IngestingLoad {
  info(): TableLoadInfo;
  partition(index: number): PartitionLoadInfo;
  config(index: number): PartitionConfig | undefined;
  after(ms: number, work: () => Promise<void>): void;
  follow(index: number, verdict: Verdict): Promise<void>;
}

/**
 * Tells every partition of a load to ingest, no more at once on a node than it may: one period after the partition got its
 * slots, as upstream. How it goes is asked for by the load's usual requests.
 */
export class PartitionIngestion {
  /** What was begun before the last start or stop counts no more. */
  private round = 0;

  constructor(
    private readonly parts: SharedByLoads,
    private readonly load: IngestingLoad,
  ) {}

  startAll(partitionCount: number): void {
    this.round += 1;
    for (let index = 0; index < partitionCount; index += 1) this.again(index, 0);
  }

  stop(partitionCount: number): void {
    this.round += 1;
    for (let index = 0; index < partitionCount; index += 1) this.done(index);
  }

  /** A partition is through: others may use its slots. */
  done(index: number): void {
    this.parts.slots.release({ appId: this.load.info().appId, partitionIndex: index });
  }

  private again(index: number, ms: number): void {
    const { round } = this;
    this.load.after(ms, async () => {
      if (round === this.round) await this.ingest(index);
    });
  }

  private async ingest(index: number): Promise<void> {
    const partition = this.load.partition(index);
    const config = this.load.config(index);
    if (config === undefined || partition.status !== 'BLS_INGESTING') return;
    if (partition.metadata.files.length === 0) {
      await this.load.follow(index, { trouble: { act: 'fail', error: 'ERR_CORRUPTION' } });
      return;
    }
    const isWhole = config.primary !== undefined && config.secondaries.length >= config.maxReplicaCount - 1;
    if (!isWhole) {
      this.again(index, UNHEALTHY_RETRY_MS);
    } else if (hasIngested(partition, config)) {
      await this.load.follow(index, { to: 'BLS_SUCCEED' });
    } else if (!this.parts.slots.tryTake(config.gpid, this.disksOf(config))) {
      this.again(index, INGESTING_PERIOD_MS);
    } else {
      const { round } = this;
      this.load.after(REQUEST_PERIOD_MS, () => this.send(index, config, round));
    }
  }

  private async send(index: number, config: PartitionConfig, round: number): Promise<void> {
    const { primary } = config;
    if (round !== this.round || primary === undefined) return;
    const verify = this.parts.operations.flags.get('bulk_load_verify_before_ingest');
    const load = this.load.info();
    let answer: IngestionResponse;
    try {
      answer = await askToIngest(this.parts, load, this.load.partition(index), config, { primary, verify });
    } catch (error) {
      if (round !== this.round) return;
      this.done(index);
      // It ingests already: another leader asked, or this one did before its answer was lost.
      if (error instanceof OneboxError && error.code === 'ERR_NO_NEED_OPERATE') return;
      this.parts.operations.log.warn(`bulk load of ${load.appName}: ${describeError(error)}`);
      await this.load.follow(index, { trouble: { act: 'roll back' } });
      return;
    }
    if (round !== this.round || (answer.err === 'ERR_OK' && answer.rocksdb_error === 0)) return;
    this.done(index);
    if (answer.err === 'ERR_TRY_AGAIN' && answer.rocksdb_error !== 0) this.again(index, TRY_AGAIN_MS);
    else await this.load.follow(index, { trouble: { act: 'fail', error: 'ERR_INGESTION_FAILED' } });
  }

  /** The disks of members that reported them: the others are not counted, as upstream. */
  private disksOf(config: PartitionConfig): ReadonlyMap<Node, string> {
    const table = this.parts.operations.state.table(config.gpid.appId);
    const serving = table?.contexts[config.gpid.partitionIndex]?.serving;
    return new Map(
      members(config).flatMap((node) => {
        const disk = serving?.get(node)?.diskTag;
        return disk === undefined ? [] : [[node, disk] as const];
      }),
    );
  }
}
