import { OneboxError } from '@onebox/base';

/** Why the system takes no file, in words, by its own code (errno(3)). */
const REFUSALS: Readonly<
  Record<string, { readonly code: string; readonly what: string; readonly nextStep: string }>
> = {
  ENOSPC: { code: 'ONEBOX_DISK_FULL', what: 'the disk is full', nextStep: 'Free some space' },
  EDQUOT: { code: 'ONEBOX_DISK_FULL', what: 'the disk quota is used up', nextStep: 'Free some space' },
  EROFS: { code: 'ONEBOX_CANNOT_WRITE', what: 'the disk is read-only', nextStep: 'Make it writable' },
  EACCES: { code: 'ONEBOX_CANNOT_WRITE', what: 'it may not be written', nextStep: 'Give yourself the right' },
};

/** An error of a file in a cluster's directory as one for people: no mistake of ours. Other errors are given back. */
export function diskError(error: unknown, directory: string): unknown {
  if (error instanceof OneboxError || !(error instanceof Error)) return error;
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  const refusal = syscall === undefined ? undefined : REFUSALS[code];
  if (refusal === undefined) return error;
  return new OneboxError(refusal.code, `${directory} cannot be written: ${refusal.what}`, {
    nextStep: `${refusal.nextStep}, or set ONEBOX_HOME to another directory.`,
    data: { directory, code },
    cause: error,
  });
}
