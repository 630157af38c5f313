import type { TestZooKeeper } from '../../packages/cluster/test/support/test-zookeeper';
import { LockStep } from './support/lock-step';
import type { Operation } from './support/operations';
import { ALL_CLIENTS, randomScript, unfinishedScript } from './support/random-script';
import { describeBesideReference } from './support/reference-server';
import type { Step } from './support/script';
import { startProcess } from './support/server-pairs';

const SEED = Number(process.env['ONEBOX_DIFFERENTIAL_SEED'] ?? '20261122');
const STEPS = 300;
const NAMES = ['a', 'b', 'c'];

/** Every client comes back to its session. */
const COME_BACK: readonly Step[] = ALL_CLIENTS.flatMap((client): Step[] => [
  { do: 'drop', client },
  { do: 'attach', client, greeting: { timeoutMs: 60_000 }, password: 'right', takesOver: false },
]);

/** All that can be asked about whatever the script may have made below its root. */
function lookAtAll(root: string): readonly Step[] {
  const paths = [root];
  for (const one of NAMES) {
    paths.push(`${root}/${one}`);
    for (const two of NAMES) {
      paths.push(`${root}/${one}/${two}`, ...NAMES.map((three) => `${root}/${one}/${two}/${three}`));
    }
  }
  const about = (path: string): Operation[] => [
    { op: 'getData', path, watch: false },
    { op: 'getACL', path },
    { op: 'getChildren2', path, watch: false },
    { op: 'getAllChildrenNumber', path },
  ];
  return [
    ...['/', '/zookeeper', ...paths].map((path): Step => ({ do: 'ask', client: 0, operations: about(path) })),
    ...ALL_CLIENTS.map((client): Step => ({
      do: 'ask',
      client,
      operations: [{ op: 'getEphemerals', path: '/' }],
    })),
  ];
}

describeBesideReference('the embedded server and Apache ZooKeeper', () => {
  test('killed in the middle and started again, know the same of nodes and sessions, and go on alike', async () => {
    const servers = await Promise.all([startProcess('local'), startProcess('embedded')]);
    const [real, ours] = servers.map(underTest);
    if (real === undefined || ours === undefined) throw new Error('there are two');
    const lockStep = new LockStep(real, ours);
    try {
      const root = `/r${SEED}`;
      expect(await lockStep.play(unfinishedScript(SEED, STEPS, root))).toBeUndefined();
      await Promise.all(servers.map((server) => server.kill()));
      await Promise.all(servers.map((server) => server.startAgain()));
      expect(await lockStep.play([...COME_BACK, ...lookAtAll(root)])).toBeUndefined();
      expect(await lockStep.play(randomScript(SEED + 1, STEPS, `${root}-again`))).toBeUndefined();
      // The ephemerals went with their sessions.
      const returned = new LockStep(real, ours);
      expect(await returned.play(lookAtAll(root))).toBeUndefined();
      returned.close();
    } finally {
      lockStep.close();
      await Promise.all(servers.map((server) => server.destroy()));
    }
  });
});

function underTest(server: TestZooKeeper): { readonly port: number; stop(): Promise<void> } {
  return { port: server.port, stop: () => server.destroy() };
}
