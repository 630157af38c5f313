import { spawn } from 'node:child_process';
import { freeze, thaw } from '../../src/faults/pausing';
import { systemProcessTable } from '../../src/process-table/process-table';
import type { ProcessTable } from '../../src/process-table/process-table';

test('a pause, and its end, are over when the process is seen to stand still, and to go on', async () => {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  try {
    const system = systemProcessTable();
    const { pid = 0 } = child;
    const facts = system.look(pid);
    if (facts === undefined) throw new Error('it runs');
    const live = { name: 'replica1' as const, identity: { pid, startToken: facts.startToken }, facts };
    const seen: (string | undefined)[] = [];
    /** What the system tells, four looks late. */
    const late = (before: 'running' | 'frozen'): ProcessTable => ({
      look: () => {
        const now = system.look(pid);
        const shown = now && { ...now, state: seen.length < 4 ? before : now.state };
        seen.push(shown?.state);
        return shown;
      },
      commandLine: () => undefined,
    });
    await freeze(late('running'), live);
    expect(seen.splice(0).at(-1)).toBe('frozen');
    await thaw(late('frozen'), live);
    expect(seen.at(-1)).toBe('running');
  } finally {
    child.kill('SIGKILL');
  }
});
