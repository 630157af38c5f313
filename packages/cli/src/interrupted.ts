import { OneboxError } from '@onebox/base';

/** Exit codes of a process that a signal ended, as shells show them: 128 and the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export type InterruptSignal = keyof typeof EXIT_CODES;

/** The command is to end before it is done. */
export class Interrupted extends OneboxError {
  readonly exitCode: number;

  constructor(signal: InterruptSignal) {
    super('ONEBOX_INTERRUPTED', `interrupted by ${signal}`, { data: { signal } });
    this.exitCode = EXIT_CODES[signal];
  }
}

/** What a person's Ctrl-C, a closed terminal or a `kill` becomes. */
export interface Interrupts {
  /** Aborted by the first signal, with an `Interrupted`. */
  readonly signal: AbortSignal;
  /** Aborted by the second: whoever puts things in order is to do it the fast way. */
  readonly hurry: AbortSignal;
  /** Gives every signal to somebody else, until the function that comes back is called. */
  divert(to: (signal: InterruptSignal) => void): () => void;
}

/** Nothing ever interrupts. */
export function neverInterrupted(): Interrupts {
  const { signal } = new AbortController();
  return { signal, hurry: signal, divert: () => () => undefined };
}

/** From this call on SIGINT, SIGTERM and SIGHUP do not end the process. */
export function listenForInterrupts(): Interrupts {
  const [first, second] = [new AbortController(), new AbortController()];
  let diverted: ((signal: InterruptSignal) => void) | undefined;
  for (const name of Object.keys(EXIT_CODES) as InterruptSignal[]) {
    process.on(name, () => {
      if (diverted !== undefined) diverted(name);
      else if (first.signal.aborted) second.abort(new Interrupted(name));
      else first.abort(new Interrupted(name));
    });
  }
  return {
    signal: first.signal,
    hurry: second.signal,
    divert: (to) => {
      diverted = to;
      return () => (diverted = undefined);
    },
  };
}
