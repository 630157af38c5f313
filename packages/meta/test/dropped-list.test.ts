import {
  NOTHING_DROPPED,
  forgetDrop,
  limitDropped,
  recordDrop,
  recordReport,
} from '../src/guardian/dropped-list';
import { R1, R2, R3, R4, moment } from './cluster-fixture';

const progress = (ballot: number) => ({ ballot, lastCommittedDecree: 5, lastPreparedDecree: 6 });

describe('the dropped list', () => {
  test('is ordered by the time of leaving, and the cursor is at the newest', () => {
    const list = recordDrop(recordDrop(NOTHING_DROPPED, R2, moment(100)), R1, moment(200));
    expect(list.replicas.map(({ node, droppedAtMs }) => [node, droppedAtMs])).toEqual([
      [R2, 100],
      [R1, 200],
    ]);
    expect(list.cursor).toBe(1);
    expect(recordDrop(list, R2, moment(300))).toBe(list);
  });

  test('loses a node that is a member again', () => {
    const list = recordDrop(recordDrop(NOTHING_DROPPED, R2, moment(100)), R1, moment(200));
    expect(forgetDrop(list, R2)).toEqual({ replicas: [list.replicas[1]], cursor: 0 });
    expect(forgetDrop(list, R3)).toBe(list);
  });

  test('learns what a node still has, in its place', () => {
    const list = recordDrop(recordDrop(NOTHING_DROPPED, R2, moment(100)), R1, moment(200));
    expect(recordReport(list, R2, progress(3))).toEqual({
      replicas: [{ ...list.replicas[0], progress: progress(3) }, list.replicas[1]],
      cursor: 1,
    });
  });

  test('takes in nodes that were never seen leaving, before all others and by ballot', () => {
    const left = recordDrop(NOTHING_DROPPED, R1, moment(100));
    const list = recordReport(recordReport(left, R2, progress(3)), R3, progress(2));
    expect(list.replicas.map(({ node }) => node)).toEqual([R3, R2, R1]);
    expect(list.replicas[0]).toEqual({
      node: R3,
      droppedAtMs: undefined,
      droppedAtUnixMs: 0,
      progress: progress(2),
    });
  });

  test('holds no more than the replica count leaves room for; the oldest goes', () => {
    const list = [R1, R2, R3, R4].reduce(
      (all, node, index) => recordDrop(all, node, moment(index)),
      NOTHING_DROPPED,
    );
    // Two members, replica count 3, one reserved: two places.
    expect(limitDropped(list, 2, 4)).toEqual({ replicas: list.replicas.slice(2), cursor: 1 });
    expect(limitDropped(list, 3, 3)).toEqual({ replicas: [], cursor: -1 });
    expect(limitDropped(list, 0, 4)).toBe(list);
  });
});
