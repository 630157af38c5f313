import { OneboxError } from '@onebox/base';

/** Exit codes of a process that a signal ended, as shells show them: 128 and the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

export type InterruptSignal = keyof typeof EXIT_CODES;

/** The command is to end before it is done. */
export class Interrupted extends OneboxError {
  readonly exitCode: number;

  constructor(signal: InterruptSignal) {
    super('ONEBOX_INTERRUPTED', `interrupted by ${signal}`, { data: { signal } });
    this.exitCode = EXIT_CODES[signal];
  }
}

/** Turns SIGINT and SIGTERM into an abort; until this is called they end the process as usual. */
export function listenForInterrupts(): AbortSignal {
  const controller = new AbortController();
  for (const name of Object.keys(EXIT_CODES) as InterruptSignal[]) {
    process.on(name, () => controller.abort(new Interrupted(name)));
  }
  return controller.signal;
}
