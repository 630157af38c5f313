import { gpidText } from '@onebox/base';
import type { Logger, Node } from '@onebox/base';
import type { Chronicle } from '../chronicle';
import { members } from '../state/partition';
import { afterMemberChange } from '../state/partition-change';
import type { PartitionRef, ServerState } from '../state/server-state';
import { reactionToDeath } from './dead-node';
import type { PartitionWriter } from './partition-writer';
import type { ProposalSender } from './proposal-sender';

/** Reacts to nodes that died: at once, partition by partition (reference/cluster-behaviour.md 4.5, 5). */
export class DeathWatch {
  constructor(
    private readonly state: ServerState,
    private readonly writer: PartitionWriter,
    private readonly proposals: ProposalSender,
    private readonly isAlive: (node: Node) => boolean,
    private readonly chronicle: Chronicle,
    private readonly log: Logger,
  ) {}

  /** All of them are dead in the node table already, so that the level is that of the whole loss. */
  onDead(nodes: readonly Node[]): void {
    for (const node of nodes) {
      for (const partition of this.state.partitionsOf(node)) this.react(partition, node);
    }
  }

  /**
   * A node may die while the change that gives it a role is being written: nobody would notice its death afterwards,
   * since the reaction came too early. So each finished change is looked at once more.
   */
  afterChange(partition: PartitionRef, changed: Node | undefined): void {
    const { primary } = partition.table.partition(partition.index);
    if (primary !== undefined && !this.isAlive(primary)) this.react(partition, primary);
    else if (changed !== undefined && changed !== primary && !this.isAlive(changed))
      this.react(partition, changed);
  }

  private react(partition: PartitionRef, node: Node): void {
    const { table, index } = partition;
    const config = table.partition(index);
    if (!members(config).includes(node)) return;
    const reaction = reactionToDeath(config, node, { writing: table.context(index).turn.taken });
    switch (reaction.kind) {
      case 'remove primary':
        // A failure ends the process inside the writer.
        this.removePrimary(partition, node).catch(() => undefined);
        break;
      case 'propose':
        this.proposals.send(partition, reaction.proposal, { origin: 'death', reason: `${node} is dead` });
        break;
      case 'nothing':
        this.log.info(
          `${gpidText(config.gpid)}: ${node} is dead and stays in the configuration, ${reaction.why}`,
        );
        break;
    }
  }

  private async removePrimary(partition: PartitionRef, node: Node): Promise<void> {
    await this.writer.change(partition, (stored) => {
      const next =
        stored.primary === node ? afterMemberChange(stored, 'CT_DOWNGRADE_TO_INACTIVE', node) : undefined;
      return next === undefined
        ? undefined
        : { type: 'CT_DOWNGRADE_TO_INACTIVE', node, next, ...this.chronicle.death(node) };
    });
  }
}
