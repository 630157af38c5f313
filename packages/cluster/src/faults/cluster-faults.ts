import { OneboxError } from '@onebox/base';
import type { Fault } from '@onebox/server';
import type { ClusterContext } from '../life/cluster-context';
import { withLock } from '../life/lock';
import { liveServers } from '../life/stop-instances';
import type { InstanceName } from '../topology';
import { countedFaults } from './counted-fault';
import type { CountedFault } from './counted-fault';
import { endFaults, pausesInForce } from './end-of-faults';
import { expireSession } from './expire-session';
import type { ExpiredSession } from './expire-session';
import { nextId, readFaults, writeFaults } from './faults-store';
import type { SetFaults } from './faults-store';
import { endOf } from './how-long';
import { listedFault, listedPause } from './listed-fault';
import type { ListedFault } from './listed-fault';
import { newCut, newDelay, newDrop } from './new-fault';
import type {
  CutOptions,
  DelayOptions,
  DropOptions,
  FaultOptions,
  FaultedInstance,
  NewFault,
} from './new-fault';
import type { Pause } from './pause';
import { freeze, processToPause, refuseNoProcess, resumeLater, resumeNoMore, thaw } from './pausing';
import { tellServers } from './tell-servers';
import type { UntoldServer } from './tell-servers';
import { tellFaultSet, tellFaultsCleared, tellPaused, tellResumed } from './tell-faults';
import { refuseUntold, untoldOf } from './untold';

/** As a person says it: instances are words, until they are looked up. */
type CutWords = Omit<CutOptions, 'from'> & { readonly from?: readonly string[] };

/** A fault that was set. */
export interface SetFault extends ListedFault {
  /** Servers that enforce it and are frozen: they learn of it when they go on. */
  readonly untold: readonly UntoldServer[];
  /** Whether the instance runs; else the fault is in force when it starts. */
  readonly running: boolean;
}

export interface ClearedFaults {
  readonly cleared: readonly ListedFault[];
  /** Servers that enforced them and are frozen: they learn of it when they go on. */
  readonly untold: readonly UntoldServer[];
}

export interface FaultsOptions {
  /** The cluster, looked up anew each time. @throws OneboxError ONEBOX_NO_CLUSTER */
  readonly context: () => ClusterContext;
  /** @throws OneboxError ONEBOX_NO_SUCH_INSTANCE, ONEBOX_NO_LEADER */
  readonly instance: (word: string) => Promise<InstanceName>;
}

/**
 * What is broken on purpose in a cluster. The set is kept in `faults.json` and told to the servers, which enforce it; pauses
 * are signals to processes. Commands take turns by the cluster's lock.
 *
 * Every method that changes something throws OneboxError ONEBOX_NOT_RUNNING when no server runs: a fault never outlives its
 * cluster; ONEBOX_NO_SUCH_INSTANCE and ONEBOX_NO_LEADER; ONEBOX_FAULT_UNTOLD when it is set and a server did not take it.
 */
export class ClusterFaults {
  constructor(private readonly options: FaultsOptions) {}

  /** No RPC and no ZooKeeper traffic between an instance and others, or everybody. @throws OneboxError ONEBOX_BAD_FAULT */
  async cut(target: string, options: CutWords = {}): Promise<SetFault> {
    const peers: InstanceName[] = [];
    for (const word of options.from ?? []) peers.push(await this.instanceMeant(word));
    return this.set(target, (on) => newCut(on, peers, options));
  }

  /** Requests of one task code come late. @throws OneboxError ONEBOX_BAD_FAULT, ONEBOX_UNKNOWN_RPC */
  async delay(target: string, options: DelayOptions): Promise<SetFault> {
    return this.set(target, (on) => newDelay(on, options));
  }

  /** Requests of one task code are lost. @throws OneboxError ONEBOX_BAD_FAULT, ONEBOX_UNKNOWN_RPC */
  async drop(target: string, options: DropOptions): Promise<SetFault> {
    return this.set(target, (on) => newDrop(on, options));
  }

  /** Ends a meta server's ZooKeeper session from outside. @throws OneboxError ONEBOX_NO_SESSION, ONEBOX_ZOOKEEPER_UNREACHABLE */
  async expireSession(target: string): Promise<ExpiredSession> {
    const context = this.options.context();
    return expireSession(context, await this.instanceMeant(target));
  }

  /**
   * Stops an instance with SIGSTOP; one that is paused already gets this end.
   * @throws OneboxError ONEBOX_NOT_A_PROCESS for a ZooKeeper in a container or of somebody else
   */
  async pause(target: string, { forMs }: FaultOptions = {}): Promise<ListedFault> {
    const instance = await this.instanceMeant(target);
    // What cannot be is refused before the wait for the lock, and the time begins after it.
    endOf(forMs, Date.now());
    refuseNoProcess(this.options.context(), instance);
    return this.changing('pause', async (context, before) => {
      const live = processToPause(context, instance);
      const now = Date.now();
      const untilUnixMs = endOf(forMs, now);
      const known = before.pauses.find((pause) => pause.instance === instance);
      const { id, last } = known === undefined ? nextId(before) : { id: known.id, last: before.last };
      const sinceUnixMs = known?.sinceUnixMs ?? now;
      const pause: Pause = { id, instance, process: live.identity, sinceUnixMs, untilUnixMs };
      const others = before.pauses.filter((each) => each !== known);
      writeFaults(context.state, { ...before, last, pauses: [...others, pause] });
      await resumeNoMore(context, instance);
      if (untilUnixMs !== null) await resumeLater(context, instance, live.identity, untilUnixMs);
      tellPaused(context.state, pause, now);
      await freeze(context.table, live, untilUnixMs);
      return listedPause(pause);
    });
  }

  /** SIGCONT, whoever paused it; it goes on when this returns. @returns the instance, and whether it was frozen */
  async resume(target: string): Promise<{ readonly instance: InstanceName; readonly paused: boolean }> {
    const instance = await this.instanceMeant(target);
    refuseNoProcess(this.options.context(), instance);
    return this.changing('resume', async (context, before) => {
      const live = processToPause(context, instance);
      const paused = live.facts.state === 'frozen';
      await resumeNoMore(context, instance);
      if (paused) tellResumed(context.state, instance);
      await thaw(context.table, live);
      const pauses = before.pauses.filter((pause) => pause.instance !== instance);
      writeFaults(context.state, { ...before, pauses });
      if (before.faults.length > 0) await this.tell(context, before.faults, 'the faults', { only: instance });
      return { instance, paused };
    });
  }

  /** Faults and pauses that are in force, in the order in which they were set. */
  standing(): readonly ListedFault[] {
    return listedFaults(this.options.context());
  }

  /** The same, with what they have done so far: the servers are asked. */
  async list(): Promise<readonly CountedFault[]> {
    const context = this.options.context();
    return countedFaults(context, listedFaults(context));
  }

  /**
   * Ends faults and resumes what is paused: all of them, or some. All of a cluster that does not run are none.
   * @throws OneboxError ONEBOX_NO_SUCH_FAULT
   */
  async clear(ids?: readonly string[]): Promise<ClearedFaults> {
    refuseUnknown(this.standing(), ids);
    if (ids === undefined && (await this.forgottenAsStopped())) return { cleared: [], untold: [] };
    return this.changing('fault clear', async (context, before) => {
      const listed = listedFaults(context);
      refuseUnknown(listed, ids);
      const goes = ({ id }: { readonly id: string }): boolean => ids === undefined || ids.includes(id);
      const stays = (each: { readonly id: string }): boolean => !goes(each);
      const over = { faults: before.faults.filter(goes), pauses: before.pauses.filter(goes) };
      tellFaultsCleared(context.state, ids, over);
      for (const { instance, process } of over.pauses) {
        await resumeNoMore(context, instance);
        await thaw(context.table, { name: instance, identity: process });
      }
      const faults = before.faults.filter(stays);
      writeFaults(context.state, { ...before, faults, pauses: before.pauses.filter(stays) });
      const cleared = listed.filter(goes);
      const untold =
        cleared.length === 0
          ? []
          : await this.tell(context, faults, `the end of ${cleared.map(({ id }) => id).join(', ')}`, {
              changed: over.faults,
            });
      return { cleared, untold };
    });
  }

  /** ZooKeeper may be meant also where it is not ours. */
  private async instanceMeant(word: string): Promise<InstanceName> {
    return word === 'zookeeper' ? word : this.options.instance(word);
  }

  private async set(word: string, make: (target: FaultedInstance) => NewFault): Promise<SetFault> {
    const instance = await this.instanceMeant(word);
    const made = ({ record }: ClusterContext): NewFault => make({ record, instance, now: Date.now() });
    // What cannot be is refused before the wait for the lock, and the time begins after it.
    made(this.options.context());
    return this.changing('fault', async (context, before) => {
      const { id, last } = nextId(before);
      const fault: Fault = { id, ...made(context) };
      const faults = [...before.faults, fault];
      writeFaults(context.state, { ...before, last, faults });
      tellFaultSet(context.state, fault);
      const running = context.records.live(instance) !== undefined;
      const untold = await this.tell(context, faults, id, { changed: [fault] });
      return { ...listedFault(fault), untold, running };
    });
  }

  private async tell(
    context: ClusterContext,
    faults: readonly Fault[],
    what: string,
    { changed = [], only }: { readonly changed?: readonly Fault[]; readonly only?: InstanceName },
  ): Promise<readonly UntoldServer[]> {
    const untold = await tellServers(context, faults, only);
    refuseUntold(untold, what);
    return untoldOf(untold, changed);
  }

  /** A fault never outlives its cluster: of one whose processes were killed the next command sees to that. */
  private async forgottenAsStopped(): Promise<boolean> {
    const context = this.options.context();
    if (liveServers(context).length > 0) return false;
    return withLock(context, 'fault clear', async () => {
      if (liveServers(context).length > 0) return false;
      endFaults(context);
      return true;
    });
  }

  /** Does something to what is set now, as the only command that changes the cluster. */
  private async changing<T>(
    doing: string,
    work: (context: ClusterContext, before: SetFaults) => Promise<T>,
  ): Promise<T> {
    const context = this.options.context();
    return withLock(context, doing, async () => {
      refuseStopped(context);
      const { pauses, ...before } = readFaults(context.state, Date.now());
      return work(context, { ...before, pauses: pausesInForce(context, pauses) });
    });
  }
}

/** Faults and pauses that are in force now; the processes say which pauses are. */
export function listedFaults(
  context: Pick<ClusterContext, 'state' | 'records' | 'table'>,
): readonly ListedFault[] {
  const { faults, pauses } = readFaults(context.state, Date.now());
  const listed = [...faults.map(listedFault), ...pausesInForce(context, pauses).map(listedPause)];
  return listed.sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
}

function refuseStopped(context: ClusterContext): void {
  if (liveServers(context).length > 0) return;
  const { name } = context.record;
  throw new OneboxError(
    'ONEBOX_NOT_RUNNING',
    `cluster '${name}' does not run, so nothing in it can be broken`,
    {
      nextStep: '`onebox start` starts it.',
      data: { name },
    },
  );
}

function refuseUnknown(listed: readonly ListedFault[], wanted: readonly string[] = []): void {
  const ids = listed.map((each) => each.id);
  const id = wanted.find((each) => !ids.includes(each));
  if (id === undefined) return;
  throw new OneboxError('ONEBOX_NO_SUCH_FAULT', `there is no fault '${id}'`, {
    nextStep:
      ids.length === 0
        ? 'Nothing is broken on purpose.'
        : `There ${ids.length > 1 ? 'are' : 'is'} ${ids.join(', ')}: see \`onebox fault list\`.`,
    data: { id, ids },
  });
}
