import { until } from '@onebox/base';
import { StateFeed } from '../../src/feed/state-feed';
import type { DashboardPatch, DashboardState } from '../../src/model';
import { sampleState } from '../sample-state';

const SOON = { withinMs: 5000, everyMs: 1 };

function scene() {
  const told = { looks: 0, log: [] as string[], errors: [] as unknown[] };
  let look = async (): Promise<DashboardState> => sampleState();
  const feed = new StateFeed({
    look: () => {
      told.looks += 1;
      return look();
    },
    everyMs: 1,
    onBegin: () => told.log.push('begin'),
    onEnd: () => told.log.push('end'),
    onError: (error) => told.errors.push(error),
  });
  return { told, feed, looks: (next: () => Promise<DashboardState>) => (look = next) };
}

const led = (leader: string): DashboardState => {
  const state = sampleState();
  return { ...state, cluster: { ...state.cluster, leader } };
};

test('nobody watches: nobody looks', async () => {
  const { told, feed } = scene();
  const unwatch = feed.watch(() => undefined);
  await until('a look', () => told.looks > 1, SOON);
  unwatch();
  unwatch();
  await until('the end', () => told.log.includes('end'), SOON);
  const { looks } = told;
  await feed.now();
  expect(told.looks).toBe(looks + 1);
  expect(told.log).toEqual(['begin', 'end', 'begin', 'end']);
});

test('many who watch share each look, and hear what is new', async () => {
  const { told, feed, looks } = scene();
  const heard: (DashboardPatch | undefined)[][] = [[], [], []];
  const unwatch = heard.map((list) => feed.watch((_state, patch) => list.push(patch)));
  await until('looks', () => heard.every(({ length }) => length > 2), SOON);
  const before = told.looks;
  looks(async () => led('meta2'));
  await until('news', () => heard.every((list) => list.some((patch) => patch !== undefined)), SOON);
  for (const end of unwatch) end();
  expect(heard.map((list) => list.filter((patch) => patch !== undefined))).toEqual(
    heard.map(() => [{ cluster: { leader: 'meta2', at: sampleState().cluster.at } }]),
  );
  expect(told.looks - before).toBeLessThan(heard.flat().length);
});

test('who comes later is told at once what others saw last', async () => {
  const { feed } = scene();
  const seen: string[] = [];
  const first = feed.watch(() => undefined);
  await feed.now();
  const second = feed.watch((state) => seen.push(state.cluster.name));
  expect(seen).toEqual(['onebox']);
  first();
  second();
});

test('a look that fails is told, and the next one goes on', async () => {
  const { told, feed, looks } = scene();
  const failure = new Error('no file left');
  looks(async () => {
    throw failure;
  });
  const seen: string[] = [];
  const unwatch = feed.watch((state) => seen.push(state.cluster.name));
  await until('an error', () => told.errors.length > 0, SOON);
  looks(async () => sampleState());
  await until('a state', () => seen.length > 0, SOON);
  unwatch();
  expect(told.errors[0]).toBe(failure);
  await expect(feed.now()).resolves.toEqual(sampleState());
});

test('closing ends everything, more than once', async () => {
  const { told, feed } = scene();
  const unwatch = feed.watch(() => undefined);
  feed.close();
  feed.close();
  unwatch();
  feed.watch(() => undefined);
  await until('the end of a look under way', () => told.log.at(-1) === 'end' || told.looks === 0, SOON);
  const { looks } = told;
  await new Promise((resolve) => setImmediate(resolve));
  expect(told.looks).toBe(looks);
});
