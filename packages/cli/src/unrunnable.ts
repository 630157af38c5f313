import { OneboxError } from '@onebox/base';

/** The exit codes of shells and env(1) for a command that cannot be run, and for one that is not there. */
export const CANNOT_RUN = 126;
export const NOT_FOUND = 127;

/** A command that cannot be run, with the exit code that shells and env(1) have for that. */
export class Unrunnable extends OneboxError {
  constructor(
    program: string,
    readonly exitCode: typeof CANNOT_RUN | typeof NOT_FOUND,
    why: string,
  ) {
    super('ONEBOX_CANNOT_RUN', `'${program}' cannot be run: ${why}`, {
      nextStep: 'Write the command behind --, as a shell would find it: onebox exec -- npm test',
      data: { program, exitCode },
    });
  }
}
