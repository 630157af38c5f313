import { OneboxError, describeError } from '@onebox/base';
import { CommanderError } from 'commander';

/** The code of every error that the parser of the command line finds. */
export const USAGE = 'ONEBOX_USAGE';

/**
 * An error for a person: what is wrong with its code, what a dead server wrote last, and the next step. Never a stack:
 * what is not one of our errors is a mistake in this program, and says so.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof OneboxError)) {
    return `error: ${describeError(error)} (ONEBOX_BUG)\nThis is a mistake in onebox; please report it.\n`;
  }
  const { code, message, nextStep, data } = error;
  const lines = Array.isArray(data['lines']) ? data['lines'].map((line) => `    ${String(line)}`) : [];
  return [`error: ${message} (${code})`, ...lines, ...(nextStep === undefined ? [] : [nextStep]), ''].join(
    '\n',
  );
}

/** The same for programs: what `--json` prints on standard output when a command fails. */
export function errorJson(error: unknown): string {
  if (error instanceof CommanderError) return usageJson(error);
  const known = error instanceof OneboxError;
  return JSON.stringify({
    error: {
      code: known ? error.code : 'ONEBOX_BUG',
      message: known ? error.message : describeError(error),
      nextStep: (known ? error.nextStep : undefined) ?? null,
      data: known ? error.data : {},
    },
  });
}

/** What commander says begins with `error: ` and may end with a suggestion. */
function usageJson({ message }: CommanderError): string {
  const [what = '', ...suggestion] = message.replace(/^error: /, '').split('\n');
  return JSON.stringify({
    error: { code: USAGE, message: what, nextStep: suggestion.join(' ') || null, data: {} },
  });
}
