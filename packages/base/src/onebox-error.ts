/**
 * The one error class of the product: a code for programs, a message for people that names the input,
 * and the next step. Printed by the CLI as at most two lines, never as a stack trace.
 */
export class OneboxError extends Error {
  override readonly name = 'OneboxError';
  /** Stable, upper-case, e.g. `ONEBOX_PORT_IN_USE`. */
  readonly code: string;
  /** What the person who reads the message can do next; one sentence. */
  readonly nextStep: string | undefined;
  /** The values the message was made from, for `--json` and tests. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { nextStep?: string; data?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.nextStep = options.nextStep;
    this.data = options.data ?? {};
  }
}

/** The text of anything that was thrown, for a log line. */
export function describeError(error: unknown): string {
  if (error instanceof OneboxError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
