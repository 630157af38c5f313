import type { Clock, Timer } from '@onebox/base';
import type { FLAG_TABLE, FlagName } from './flag-table';
import type { Flags } from './flags';

/** Flags that hold a number of Pegasus milliseconds. */
type NumberFlag = {
  [N in FlagName]: (typeof FLAG_TABLE)[N]['type'] extends 'bool' | 'string' ? never : N;
}[FlagName];

/**
 * Calls `fire` every so many Pegasus milliseconds as a mutable flag says. When the flag changes, a new period begins at
 * that moment with the new length.
 *
 * @param firstMs when it fires for the first time; after a whole period when left out
 */
export function everyFlag(
  flags: Pick<Flags, 'get' | 'onChange'>,
  clock: Pick<Clock, 'after' | 'every'>,
  name: NumberFlag,
  fire: () => void,
  firstMs?: number,
): Timer {
  const arm = (): Timer => clock.every(flags.get(name), fire);
  const rearm = (): void => {
    timer.cancel();
    timer = arm();
  };
  let timer =
    firstMs === undefined
      ? arm()
      : clock.after(firstMs, () => {
          rearm();
          fire();
        });
  const end = flags.onChange(name, rearm);
  return {
    cancel: () => {
      end();
      timer.cancel();
    },
  };
}
