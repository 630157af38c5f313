import { gpidText } from '@onebox/base';
import type { Gpid, Logger, Node } from '@onebox/base';
import { EMPTY_COUNTS, planBalance } from '../balancer';
import type { BalanceInput, BalancePlan, BalancerFlags } from '../balancer';
import type { Chronicle } from '../chronicle';
import type { BalanceCounts, FunctionLevel } from '../cluster-view';
import { LEVEL_ALLOWS } from '../function-level';
import type { GuardianRound } from '../guardian/partition-guardian';
import { balancerProposals } from '../guardian/proposal';
import type { NodeTable } from '../liveness/node-table';
import type { TableEvents } from '../metrics';
import type { ServerState } from '../state/server-state';
import { isInTransition } from '../state/table-state';

export interface BalancerParts {
  readonly state: ServerState;
  readonly nodes: NodeTable;
  readonly level: () => FunctionLevel;
  readonly flags: () => BalancerFlags;
  readonly events: Pick<TableEvents, 'onBalanced'>;
  readonly chronicle: Chronicle;
  readonly log: Logger;
}

/** Runs the planner when the cluster is at rest, shows its counts, and queues its proposals at level lively (6.1). */
export class Balancer {
  private latest: BalanceCounts = EMPTY_COUNTS;
  private readonly planned = new Map<
    BalanceInput['mode'],
    { readonly of: string; readonly plan: BalancePlan }
  >();

  constructor(private readonly parts: BalancerParts) {}

  /** Counters of the last check or run; all 0 before the first. */
  counts(): BalanceCounts {
    return this.latest;
  }

  /**
   * The balancer's part of a tick, after the guardian's round.
   *
   * @returns true when proposals were queued: the tick is to be run once more, to send them
   */
  step(round: GuardianRound): boolean {
    const mode = LEVEL_ALLOWS[this.parts.level()].balancer;
    if (mode === 'off') return false;
    const unready = this.whyNot(round);
    if (unready !== undefined) {
      this.parts.log.debug(`balancer: not now, ${unready}`);
      return false;
    }
    if (mode === 'executes') {
      const plan = this.plan('balance');
      if (plan.proposals.length > 0) {
        this.take(plan, 'balance');
        this.queue(plan);
        return true;
      }
    }
    this.take(this.plan('check'), 'check');
    return false;
  }

  private take({ counts, proposals }: BalancePlan, mode: BalanceInput['mode']): void {
    this.latest = counts;
    this.parts.events.onBalanced(proposals, mode);
  }

  private whyNot({ healthy, partitions }: GuardianRound): string | undefined {
    if (healthy !== partitions) return `${partitions - healthy} of ${partitions} partitions are not healthy`;
    const { state, nodes } = this.parts;
    const dead = nodes.all().find(({ node, alive }) => !alive && state.loads.partitionCount(node) > 0);
    if (dead !== undefined) return `${dead.node} is dead and still holds partitions`;
    const moving = state.tables().find(({ info }) => isInTransition(info));
    return moving === undefined ? undefined : `table ${moving.info.appName} is ${moving.info.status}`;
  }

  /** A cluster at rest is planned once, not at every tick: the same state gives the same plan. */
  private plan(mode: BalanceInput['mode']): BalancePlan {
    const { state, nodes, flags } = this.parts;
    const aliveNodes = nodes.alive();
    const of = JSON.stringify([state.revision, aliveNodes, flags()]);
    const known = this.planned.get(mode);
    if (known?.of === of) return known.plan;
    const plan = planBalance({
      mode,
      aliveNodes,
      tables: state.tables(),
      diskTag: (node, gpid) => this.diskTag(node, gpid),
      flags: flags(),
    });
    this.planned.set(mode, { of, plan });
    return plan;
  }

  private diskTag(node: Node, gpid: Gpid): string | undefined {
    const partition = this.parts.state.find(gpid);
    return partition?.table.context(partition.index).serving.get(node)?.diskTag;
  }

  private queue(plan: BalancePlan): void {
    this.parts.chronicle.balancePlanned(plan.proposals);
    for (const { gpid, actions, kind, from, to } of plan.proposals) {
      const partition = this.parts.state.find(gpid);
      if (partition === undefined) continue;
      const reason = `${kind} from ${from} to ${to}`;
      this.parts.log.info(`balancer: ${gpidText(gpid)}: ${reason}`);
      this.parts.state.setProposals(partition, balancerProposals(actions, { origin: 'balancer', reason }));
    }
  }
}
