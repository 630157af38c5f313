import { withUnlisted } from './calls';
import { MASTER } from './master';
import type { HelpTexts } from './calls';
import type { Profile } from './profile';

/** Calls of one document or generation that the other does not show: they answer, and `/` leaves them out. */
const ONLY_2_5: HelpTexts = { '/perfCounter': 'Gets the value of a perf counter' };
const ONLY_MASTER_META: HelpTexts = { '/envs/list': 'List all available table environments.' };

/**
 * The default: what both of upstream's HTTP documents say, at once. Shapes are master's; `/` prints the newer document's
 * listing; the differences below are the older document's.
 */
export const DOCUMENTED: Profile = {
  name: 'documented',
  pegasusVersion: MASTER.pegasusVersion,
  calls: {
    meta: withUnlisted(MASTER.calls.meta, { ...ONLY_2_5, ...ONLY_MASTER_META }),
    replica: withUnlisted(MASTER.calls.replica, ONLY_2_5),
    collector: withUnlisted(MASTER.calls.collector, ONLY_2_5),
  },
  variants: {
    ...MASTER.variants,
    balanceOperationCount: 'text',
    perfCounters: '2.5',
    duplicationMembers: ['not_confirmed_mutations_num', ...MASTER.variants.duplicationMembers],
  },
  flagDefaults: MASTER.flagDefaults,
};
