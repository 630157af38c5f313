import { BulkLoadControlType } from '@onebox/protocol';
import type { HintedAnswer } from '../tables/hinted-answer';
import { qualifiedStatus } from './load-info';
import type { LoadStatus } from './load-info';

/** What an operator's word does: the next status, or why not. */
export type ControlDecision =
  | { readonly to: LoadStatus; readonly wake: boolean }
  | { readonly refused: HintedAnswer }
  | { readonly ignored: true };

/** Pause, restart, cancel, forced cancel (reference/cluster-behaviour.md 9.2, step 5). A type nobody knows does nothing, as upstream. */
export function decideControl(appName: string, status: LoadStatus, type: number): ControlDecision {
  const unless = (
    verb: string,
    allowed: readonly LoadStatus[],
    decision: ControlDecision,
  ): ControlDecision =>
    allowed.includes(status)
      ? decision
      : {
          refused: {
            error: 'ERR_INVALID_STATE',
            hint: `can not ${verb} bulk load for app(${appName}) with status(${qualifiedStatus(status)})`,
          },
        };
  // A paused load asks nobody: it has to begin again.
  const wake = status === 'BLS_PAUSED';
  switch (type) {
    case BulkLoadControlType.BLC_PAUSE:
      return unless('pause', ['BLS_DOWNLOADING'], { to: 'BLS_PAUSING', wake });
    case BulkLoadControlType.BLC_RESTART:
      return unless('restart', ['BLS_PAUSED'], { to: 'BLS_DOWNLOADING', wake });
    case BulkLoadControlType.BLC_CANCEL:
      return unless('cancel', ['BLS_DOWNLOADING', 'BLS_PAUSED'], { to: 'BLS_CANCELED', wake });
    case BulkLoadControlType.BLC_FORCE_CANCEL:
      return { to: 'BLS_CANCELED', wake };
    default:
      return { ignored: true };
  }
}
