import type { ActionAnswer, ActionRequest, ActionVerb, Asked, PartitionEvents } from '../model';

/** How long an answer may take, in milliseconds. A request that the browser still holds back then is never sent. */
const ANSWER_WITHIN_MS = 10_000;

/** Those that wait for a process to end or to be up. */
const SLOW: Readonly<Partial<Record<ActionVerb, number>>> = { start: 60_000, restart: 60_000, stop: 30_000 };

/** What the page asks of the dashboard, besides the state. */
export class DashboardClient {
  /** @param serverTime unix milliseconds by the clock of the dashboard's process, as far as that is known */
  constructor(
    private readonly token: string,
    private readonly serverTime: () => number | undefined,
  ) {}

  /** Asks for an action. A dashboard that is not there, or does not answer, is a refusal as well. */
  async act(action: ActionRequest): Promise<ActionAnswer> {
    const within = SLOW[action.verb] ?? ANSWER_WITHIN_MS;
    const asked: Asked = { askedAt: this.serverTime() };
    try {
      const answer = await fetch(`action?token=${this.token}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...action, ...asked }),
        signal: AbortSignal.timeout(within),
      });
      if (answer.status === 403) return NOT_VALID;
      return (await answer.json()) as ActionAnswer;
    } catch (error) {
      return error instanceof DOMException && error.name === 'TimeoutError'
        ? notAnswered(within)
        : NOT_CONNECTED;
    }
  }

  /**
   * All events of a partition that the log has.
   *
   * @throws when it does not answer, or not with events
   */
  async partitionEvents(partition: string): Promise<PartitionEvents> {
    const answer = await fetch(`events?partition=${encodeURIComponent(partition)}&token=${this.token}`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return (await answer.json()) as PartitionEvents;
  }
}

const REFUSAL = { ok: false, command: null, field: null } as const;

const NOT_CONNECTED: ActionAnswer = {
  ...REFUSAL,
  code: 'NOT_CONNECTED',
  message: 'the dashboard did not answer.',
  nextStep: 'Use the command.',
};

const NOT_VALID: ActionAnswer = {
  ...REFUSAL,
  code: 'NOT_VALID',
  message: 'this address is no longer valid.',
  nextStep: '`onebox dashboard` prints the new one.',
};

function notAnswered(withinMs: number): ActionAnswer {
  return {
    ...REFUSAL,
    code: 'NOT_ANSWERED',
    message: `not answered within ${withinMs / 1000} s; it may still happen.`,
    nextStep: 'The servers and events show whether it did.',
  };
}
