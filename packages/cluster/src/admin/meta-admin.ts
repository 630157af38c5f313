import { OneboxError } from '@onebox/base';
import type { Clock, ErrorCode, Node } from '@onebox/base';
import { RPC, RpcError, RpcClient } from '@onebox/protocol';
import type { Rpc } from '@onebox/protocol';
import { asksForChange, tableAskedFor } from './changing-rpcs';
import { refusalMeaning } from './refusal-meaning';
import type { RefusalMeanings } from './refusal-meaning';

/** Errors that mean "ask again soon", not "no": the meta is not serving yet, or a new leader is still loading. */
const NOT_SERVING_YET: readonly ErrorCode[] = ['ERR_SERVICE_NOT_ACTIVE', 'ERR_UNDER_RECOVERY'];

/** How long one meta server may take to answer, in milliseconds. */
const ANSWER_WITHIN_MS = 20_000;

/** How often to look for a leader again while none is known, in milliseconds. */
const LOOK_AGAIN_MS = 100;

/** The struct-level outcome every meta RPC has as its first field (reference/rpc-protocol.md 4). */
interface MetaAnswer {
  readonly err: ErrorCode;
  readonly hint_message?: string;
  /** The same by another name, in some answers. */
  readonly hint_msg?: string;
}

/** Raised when the leader answered, and said no. `what` begins its message; `meanings` says what bare codes mean there. */
export class MetaRefusal extends OneboxError {
  constructor(
    readonly errorCode: ErrorCode,
    readonly hint: string,
    what: string,
    meanings: RefusalMeanings = {},
  ) {
    const { says = `the meta server answered ${errorCode}`, nextStep } = refusalMeaning(errorCode, meanings);
    super(errorCode, `${what}: ${hint === '' ? says : hint}`, {
      ...(nextStep !== undefined && { nextStep }),
      data: { errorCode, hint },
    });
  }
}

export interface MetaAdminOptions {
  /** How long to look for a leader before giving up, in milliseconds. Default 10 s. */
  readonly leaderWithinMs?: number;
  /** Called before a request that asks for a change is sent, with the table that it names. */
  readonly beforeChange?: (table: string | null) => void;
}

/**
 * Speaks to the leading meta server as the real tools do: THFT framing, one request after another, asking every meta
 * server until one does not answer `ERR_FORWARD_TO_OTHERS` (reference/rpc-protocol.md 4.1).
 */
export class MetaAdmin {
  private readonly client: RpcClient;
  private leader: Node | undefined;

  constructor(
    private readonly metaServers: readonly Node[],
    private readonly clock: Clock,
    private readonly options: MetaAdminOptions = {},
  ) {
    this.client = new RpcClient({ framing: 'thft', clock });
  }

  /**
   * Calls the leader and gives its answer, whatever its `err` says.
   *
   * @throws OneboxError ONEBOX_NO_LEADER when no meta server leads within the bound; ONEBOX_NOT_RUNNING when none is there
   * @throws OneboxError ERR_TIMEOUT when the leader took the request and never answered: it may have been carried out
   */
  async ask<Request extends object, Response extends MetaAnswer>(
    rpc: Rpc<Request, Response>,
    request: Request,
  ): Promise<Response> {
    const { leaderWithinMs = 10_000, beforeChange } = this.options;
    if (asksForChange(rpc.code, request)) beforeChange?.(tableAskedFor(rpc.code, request));
    const deadline = this.clock.monotonicMs() + leaderWithinMs;
    for (;;) {
      const seen = new Map<Node, ErrorCode>();
      for (const meta of this.inOrder()) {
        const answer = await this.askOne(meta, rpc, request, seen);
        if (answer !== undefined) return answer;
      }
      if ([...seen.values()].every((answer) => answer === 'ERR_NETWORK_FAILURE')) throw this.notRunning();
      if (this.clock.monotonicMs() >= deadline) throw this.noLeader(seen);
      await new Promise<void>((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  /** As {@link ask}. @throws MetaRefusal when the answer is not ERR_OK, with `what` and `meanings` */
  async demand<Request extends object, Response extends MetaAnswer>(
    what: string,
    rpc: Rpc<Request, Response>,
    request: Request,
    meanings?: RefusalMeanings,
  ): Promise<Response> {
    const answer = await this.ask(rpc, request);
    if (answer.err !== 'ERR_OK')
      throw new MetaRefusal(answer.err, answer.hint_message ?? answer.hint_msg ?? '', what, meanings);
    return answer;
  }

  close(): void {
    this.client.close();
  }

  private async askOne<Request, Response extends MetaAnswer>(
    meta: Node,
    rpc: Rpc<Request, Response>,
    request: Request,
    seen: Map<Node, ErrorCode>,
  ): Promise<Response | undefined> {
    try {
      const answer = await this.client.call(meta, rpc, request, { timeoutMs: ANSWER_WITHIN_MS });
      if (answer.err !== 'ERR_FORWARD_TO_OTHERS' && !NOT_SERVING_YET.includes(answer.err)) {
        this.leader = meta;
        return answer;
      }
      // A switched-off feature answers like a server that is not serving yet: only a leader can tell them apart.
      if (answer.err === 'ERR_SERVICE_NOT_ACTIVE' && (await this.leads(meta))) return answer;
      seen.set(meta, answer.err);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      if (error.errorCode !== 'ERR_NETWORK_FAILURE') throw this.failed(error, meta);
      seen.set(meta, error.errorCode);
    }
    if (this.leader === meta) this.leader = undefined;
    return undefined;
  }

  private async leads(meta: Node): Promise<boolean> {
    const answer = await this.client.call(meta, RPC.RPC_CM_CLUSTER_INFO, {}, { timeoutMs: ANSWER_WITHIN_MS });
    return answer.err === 'ERR_OK';
  }

  private inOrder(): readonly Node[] {
    const { leader } = this;
    if (leader === undefined) return this.metaServers;
    return [leader, ...this.metaServers.filter((meta) => meta !== leader)];
  }

  private failed({ errorCode, message, data }: RpcError, meta: Node): OneboxError {
    if (errorCode === 'ERR_HANDLER_NOT_FOUND') {
      return new OneboxError(errorCode, `the meta server ${meta} does not know the request: ${message}`, {
        nextStep: 'Its release does not have this; see the version profiles in docs/compatibility.md.',
        data,
      });
    }
    return new OneboxError(errorCode, `the meta server ${meta} gave no answer: ${message}`, {
      nextStep: 'What was asked for may have been done: see `onebox status`, and look before trying again.',
      data,
    });
  }

  private notRunning(): OneboxError {
    return new OneboxError('ONEBOX_NOT_RUNNING', `no meta server listens at ${this.metaServers.join(', ')}`, {
      nextStep: 'Start the cluster with `onebox start`.',
      data: { metaServers: this.metaServers },
    });
  }

  private noLeader(seen: ReadonlyMap<Node, ErrorCode>): OneboxError {
    const answers = [...seen].map(([meta, answer]) => `${meta}: ${answer}`).join('; ');
    return new OneboxError('ONEBOX_NO_LEADER', `no meta server leads (${answers})`, {
      nextStep: 'See `onebox status`; a new leader is elected when the dead one’s ZooKeeper session ends.',
      data: Object.fromEntries(seen),
    });
  }
}
