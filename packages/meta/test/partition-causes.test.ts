import { parseNode } from '@onebox/base';
import { PartitionCauses } from '../src/chronicle/partition-causes';

const NODE = parseNode('127.0.0.1:34801');
const GPID = { appId: 2, partitionIndex: 3 };
const proposal = (type: 'CT_UPGRADE_TO_PRIMARY' | 'CT_ADD_SECONDARY') => ({ type, target: NODE, node: NODE });

test('a node that is back is why it is added, and not why it is promoted: that is the loss of the primary', () => {
  const causes = new PartitionCauses();
  causes.beginWith('snapshot');
  causes.concerned(GPID, 'primary removed');
  causes.nodeAlive(NODE, 'alive');
  expect(causes.ofProposal(GPID, proposal('CT_ADD_SECONDARY'))).toBe('alive');
  expect(causes.ofProposal(GPID, proposal('CT_UPGRADE_TO_PRIMARY'))).toBe('primary removed');
  // A new leader knows no change before its own: there the return is all there is.
  expect(causes.ofProposal({ ...GPID, partitionIndex: 4 }, proposal('CT_UPGRADE_TO_PRIMARY'))).toBe('alive');
});
