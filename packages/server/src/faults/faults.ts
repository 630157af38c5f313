import type { Clock, Logger, Node, Timer } from '@onebox/base';
import type { PassingRequest, Passage, RpcGate, RpcObstacles } from '@onebox/protocol';
import type { EventLog } from '../event-log';
import type { Fault } from './fault';
import { concerns, cutsHttp, cutsOff, cutsZooKeeper, decide } from './fault-rules';
import type { DrawnFault, IsSame } from './fault-rules';
import { faultText } from './fault-text';
import { HeldMessages } from './held-messages';
import { loggedFault } from './logged-fault';
import { seededLots } from './seeded-lots';
import { StandingCut } from './standing-cut';
import type { Cut } from './standing-cut';

/** A fault that this server enforces, in `status` on its control socket. */
export type EnforcedFault = Fault & {
  /** In words. */
  readonly text: string;
  /** RPC messages that this server has lost for it. */
  readonly lost: number;
  /** Requests that came late for it. */
  readonly delayed: number;
};

export interface FaultsOptions {
  /** The server that enforces them. */
  readonly self: Node;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Pick<EventLog, 'tell'>;
  readonly isSame?: IsSame;
}

interface Enforced extends DrawnFault {
  fault: Fault;
  lost: number;
  delayed: number;
  healing: Timer | undefined;
}

/**
 * What is broken on purpose at this server, and the gates that enforce it: where RPC messages pass, where ZooKeeper's bytes pass, and
 * where HTTP requests pass. The set comes from outside, as a whole; each fault ends by itself when its time is over.
 */
export class Faults {
  /** Of every RPC client and every registry of this server. */
  readonly rpc: RpcGate;
  /** Of the ZooKeeper session. */
  readonly zookeeper: Cut;
  /** Of the HTTP side of the port. */
  readonly http: Cut;
  private readonly enforced = new Map<string, Enforced>();
  private readonly held: HeldMessages;
  private readonly isSame: IsSame;
  private readonly gate: { obstacles: RpcObstacles | undefined } = { obstacles: undefined };
  private readonly zookeeperCut = new StandingCut();
  private readonly httpCut = new StandingCut();
  private readonly obstacles: RpcObstacles = {
    request: (request) => this.passage(request),
    losesAnswer: (peer) => this.losesAnswer(peer),
    isCutOff: (peer) => this.cutFrom(peer) !== undefined,
  };

  constructor(private readonly options: FaultsOptions) {
    this.held = new HeldMessages(options.clock);
    this.isSame = options.isSame ?? ((a, b) => a === b);
    this.rpc = this.gate;
    this.zookeeper = this.zookeeperCut;
    this.http = this.httpCut;
  }

  /** @param faults all there are from now on, those of other servers and those whose time is over included */
  replace(faults: readonly Fault[]): void {
    const now = this.options.clock.unixMs();
    const standing = faults.filter(
      (fault) => concerns(fault, this.options.self, this.isSame) && !isOver(fault, now),
    );
    const ids = new Set(standing.map(({ id }) => id));
    for (const { fault } of [...this.enforced.values()]) {
      if (!ids.has(fault.id)) this.end(fault, isOver(fault, now) ? 'healed' : 'cleared');
    }
    for (const fault of standing) this.begin(fault);
    this.applyGates();
  }

  /** Those that this server enforces now. */
  list(): readonly EnforcedFault[] {
    return [...this.enforced.values()].map(({ fault, lost, delayed }) => ({
      ...fault,
      text: faultText(fault),
      lost,
      delayed,
    }));
  }

  /** Nothing stands in the way any more, and what was held back is lost. Idempotent. */
  close(): void {
    for (const { healing } of this.enforced.values()) healing?.cancel();
    this.enforced.clear();
    this.held.close();
    this.applyGates();
  }

  /** What the gates make of a request; see {@link decide}. */
  private passage(request: PassingRequest): Passage {
    const { self } = this.options;
    const decision = decide(this.enforced.values(), { self, ...request }, this.isSame);
    switch (decision.kind) {
      case 'pass':
        return 'pass';
      case 'lose':
        decision.by.lost += 1;
        return 'lose';
      case 'delay': {
        const { by, ms } = decision;
        if (!this.held.hasRoomFor(request.bytes)) {
          for (const one of by) one.lost += 1;
          return 'lose';
        }
        for (const one of by) one.delayed += 1;
        const ids = by.map(({ fault }) => fault.id);
        return {
          until: (arrive) =>
            this.held.hold(ms, request.bytes, ids, (arrives) =>
              arrive(arrives && !this.losesAnswer(request.peer)),
            ),
        };
      }
    }
  }

  private losesAnswer(peer: Node | undefined): boolean {
    const cut = this.cutFrom(peer);
    if (cut === undefined) return false;
    cut.lost += 1;
    return true;
  }

  private cutFrom(peer: Node | undefined): Enforced | undefined {
    for (const one of this.enforced.values()) {
      if (one.fault.kind === 'cut' && cutsOff(one.fault, this.options.self, peer, this.isSame)) return one;
    }
    return undefined;
  }

  private begin(fault: Fault): void {
    const known = this.enforced.get(fault.id);
    if (known !== undefined) {
      known.fault = fault;
      this.armHealing(known);
      return;
    }
    const draw = fault.kind === 'cut' ? () => 1 : seededLots(fault.seed);
    const begun: Enforced = { fault, draw, lost: 0, delayed: 0, healing: undefined };
    this.enforced.set(fault.id, begun);
    this.armHealing(begun);
    const { id, untilUnixMs } = fault;
    this.options.log.warn(`fault ${id}: ${faultText(fault)}`);
    this.options.events.tell('fault-set', { ...loggedFault(fault), untilUnixMs });
  }

  private end(fault: Fault, how: 'cleared' | 'healed'): void {
    const ended = this.enforced.get(fault.id);
    if (ended === undefined) return;
    ended.healing?.cancel();
    this.enforced.delete(fault.id);
    const { lost, delayed } = ended;
    this.options.log.warn(
      `fault ${fault.id} is ${how}: ${faultText(fault)}; ${lost} messages were lost, ${delayed} came late`,
    );
    this.options.events.tell('fault-ended', { ...loggedFault(fault), how });
    this.held.releaseHeldBy(fault.id);
  }

  private armHealing(enforced: Enforced): void {
    enforced.healing?.cancel();
    enforced.healing = undefined;
    const { clock } = this.options;
    const { fault } = enforced;
    if (fault.untilUnixMs === null) return;
    const realMs = Math.max(0, fault.untilUnixMs - clock.unixMs());
    // A timer may fire early: it has a longest time, and the wall clock may be set back.
    enforced.healing = clock.after(realMs / clock.scale, () => {
      if (!isOver(fault, clock.unixMs())) {
        this.armHealing(enforced);
        return;
      }
      this.end(fault, 'healed');
      this.applyGates();
    });
  }

  private applyGates(): void {
    const { self } = this.options;
    const all = [...this.enforced.values()].map(({ fault }) => fault);
    this.gate.obstacles = all.length === 0 ? undefined : this.obstacles;
    this.zookeeperCut.turn(all.some((fault) => cutsZooKeeper(fault, self, this.isSame)));
    this.httpCut.turn(all.some((fault) => cutsHttp(fault, self, this.isSame)));
  }
}

function isOver({ untilUnixMs }: Fault, nowUnixMs: number): boolean {
  return untilUnixMs !== null && untilUnixMs <= nowUnixMs;
}
