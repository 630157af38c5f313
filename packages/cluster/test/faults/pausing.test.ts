import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { freeze, thaw } from '../../src/faults/pausing';
import { systemProcessTable } from '../../src/process-table/process-table';
import type { ProcessIdentity, ProcessTable } from '../../src/process-table/process-table';

const system = systemProcessTable();

let child: ChildProcess;
let live: { readonly name: 'replica1'; readonly identity: ProcessIdentity };
beforeEach(() => {
  child = spawn('sleep', ['600'], { stdio: 'ignore' });
  const { pid = 0 } = child;
  live = { name: 'replica1', identity: { pid, startToken: system.look(pid)?.startToken ?? '' } };
});
afterEach(() => child.kill('SIGKILL'));

/** What was told of its state. */
let seen: (string | undefined)[] = [];

/** What the system tells, but that the first looks see it as before. */
function late(before: 'running' | 'frozen', looks: number): ProcessTable {
  seen = [];
  return {
    look: (pid) => {
      const now = system.look(pid);
      const shown = now && { ...now, state: seen.length < looks ? before : now.state };
      seen.push(shown?.state);
      return shown;
    },
    commandLine: () => undefined,
  };
}

test('a pause, and its end, are over when the process is seen to stand still, and to go on', async () => {
  await freeze(late('running', 4), live, null);
  expect(seen.at(-1)).toBe('frozen');
  await thaw(late('frozen', 4), live);
  expect(seen.at(-1)).toBe('running');
});

test('a pause that was over before anybody saw it was one all the same', async () => {
  await freeze(late('running', Infinity), live, Date.now() + 20);
  expect(seen).not.toContain('frozen');
});
