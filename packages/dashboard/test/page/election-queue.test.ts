import type { DashboardState, ServerEntry } from '../../src/model';
import { ElectionQueue } from '../../src/page/election-queue';
import { TablesAge } from '../../src/page/tables-age';
import { timeText } from '../../src/page/quantity-text';
import { sampleState } from '../sample-state';

function changed(
  state: DashboardState,
  servers: Readonly<Record<string, Partial<ServerEntry>>>,
  electionOrder: readonly string[],
): DashboardState {
  const entries = Object.entries(state.servers).map(([name, each]) => [name, { ...each, ...servers[name] }]);
  return {
    ...state,
    servers: Object.fromEntries(entries) as DashboardState['servers'],
    zookeeper: { ...state.zookeeper, electionOrder },
  };
}

const text = (queue: ElectionQueue, state: DashboardState) =>
  queue.of(state).map(({ name, part, lockNode }) => `${name} ${part} ${lockNode?.slice(-1)}`);

test('a meta that stands still keeps its place in the queue, as far as is known; one that ended has none', () => {
  const queue = new ElectionQueue();
  const all = sampleState();
  expect(text(queue, all)).toEqual(['meta1 leads 0', 'meta2 waits 1', 'meta3 waits 2']);
  const frozen = { state: 'frozen', answering: false, session: null, leader: false } as const;
  expect(text(queue, changed(all, { meta1: frozen }, ['meta2', 'meta3']))).toEqual([
    'meta1 does not answer 0',
    'meta2 waits 1',
    'meta3 waits 2',
  ]);
  const ended = { ...frozen, state: 'exited' } as const;
  expect(text(queue, changed(all, { meta1: ended }, ['meta2', 'meta3']))).toEqual([
    'meta2 waits 1',
    'meta3 waits 2',
  ]);
  // Started again it stands still before it queues.
  expect(text(queue, changed(all, { meta1: frozen }, ['meta2', 'meta3']))).toEqual([
    'meta2 waits 1',
    'meta3 waits 2',
  ]);
});

test('what has not changed in the queue is the same object', () => {
  const queue = new ElectionQueue();
  const [first] = queue.of(sampleState());
  expect(queue.of(sampleState())[0]).toBe(first);
});

describe('the age of the tables', () => {
  const state = sampleState();
  const at = state.cluster.at + 60_000;
  const without: DashboardState = { ...state, cluster: { ...state.cluster, leader: null, at } };

  test('without a leader they are as the last one told, at the moment it was gone', () => {
    const age = new TablesAge();
    expect(age.of(state)).toBeNull();
    const words = `No meta server leads. Tables are shown as meta1 last told, at ${timeText(at)}.`;
    expect(age.of(without)).toBe(words);
    expect(age.of({ ...without, cluster: { ...without.cluster, at: at + 5000 } })).toBe(words);
    expect(age.of(state)).toBeNull();
  });

  test('a page that was opened without one knows nothing of them', () => {
    expect(new TablesAge().of(without)).toBe(
      'No meta server leads: of the tables nothing is known since this page was opened.',
    );
  });

  test('a leader that does not answer tells nothing', () => {
    const silent = changed(state, { meta1: { answering: false } }, []);
    expect(new TablesAge().of(silent)).toMatch(/^meta1 leads, but does not answer/);
  });
});
