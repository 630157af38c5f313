import { clusterOptionsOf } from '../../src/api/cluster-options-of';
import type { OneboxStartOptions } from '../../src/api/onebox-options';

const NO_TABLES = { set: [] };

/** What was said of an option; what was not said is left out. */
function said(options: OneboxStartOptions, isKnown = false): Record<string, unknown> {
  return JSON.parse(JSON.stringify(clusterOptionsOf(options, NO_TABLES, isKnown))) as Record<string, unknown>;
}

test('a new cluster leaves nothing behind, is on free ports and needs no ZooKeeper of this machine', () => {
  expect(said({})).toEqual({ zookeeper: 'embedded', ports: 'auto', set: [], ephemeral: true });
});

test('a cluster that is known keeps what it was created with', () => {
  expect(said({ ephemeral: false }, true)).toEqual({ ports: 'auto', ephemeral: false });
});

test('everything that can be said about a cluster is handed on', () => {
  const shape = {
    metas: 1,
    replicas: 2,
    collector: false,
    pegasusVersion: '2.4',
    bind: '::1',
    advertise: 'here',
  };
  expect(
    said({ ...shape, zookeeper: 'local', ports: 2000, timing: 'upstream', set: { 'a.b': 1, 'c..d': true } }),
  ).toEqual({
    ...shape,
    zookeeper: 'local',
    portOffset: 2000,
    timeScale: 1,
    set: ['a.b=1', 'c..d=true'],
    ephemeral: true,
  });
  expect(said({ timeScale: 0.05 })).toMatchObject({ timeScale: 0.05 });
});

test('what cannot be is refused with the name of the option', () => {
  const both = { timing: 'fast', timeScale: 0.1 } as const;
  expect(() => said(both)).toThrow('timing: it says the same as timeScale; give one of them');
  expect(() => said({ timing: 'slow' as 'fast' })).toThrow("timing: 'slow' is none of fast, upstream");
  expect(() => said({ config: '/nowhere/onebox.ini' })).toThrow('config: /nowhere/onebox.ini cannot be read');
});
