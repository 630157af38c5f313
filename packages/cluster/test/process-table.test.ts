import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { until } from '@onebox/base';
import { hasProgram } from '../../../test/support/on-machines-with';
import { lookFor, ownIdentity, systemProcessTable } from '../src/process-table/process-table';
import type { ProcessTable } from '../src/process-table/process-table';
import { ProcfsProcessTable } from '../src/process-table/procfs-process-table';
import { PsProcessTable } from '../src/process-table/ps-process-table';

const TABLES: readonly (readonly [string, boolean, () => ProcessTable])[] = [
  ['/proc', existsSync('/proc/self/stat'), () => new ProcfsProcessTable()],
  ['ps', hasProgram('ps', '-p', String(process.pid)), () => new PsProcessTable()],
];

for (const [source, isHere, open] of TABLES) {
  (isHere ? describe : describe.skip)(`the process table read from ${source}`, () => {
    test('knows this process by its start time and memory', () => {
      const facts = open().look(process.pid);
      expect(facts?.state).toBe('running');
      expect(Math.abs((facts?.startedAtUnixMs ?? 0) - (Date.now() - process.uptime() * 1000))).toBeLessThan(
        2500,
      );
      expect(facts?.rssBytes).toBeGreaterThan(10_000_000);
      expect(open().commandLine(process.pid)).toContain('node');
    });

    test('sees a process freeze and end', async () => {
      const table = open();
      const child = spawn('sleep', ['60'], { stdio: 'ignore' });
      const pid = child.pid ?? 0;
      child.kill('SIGSTOP');
      await until('the freeze', () => table.look(pid)?.state === 'frozen', { withinMs: 5000 });
      child.kill('SIGKILL');
      await until('the end', () => table.look(pid) === undefined, { withinMs: 5000 });
      expect(table.commandLine(pid)).toBeUndefined();
    });
  });
}

test('a pid that is used again is another process', () => {
  const table = systemProcessTable();
  const own = ownIdentity(table);
  expect(lookFor(table, own)?.state).toBe('running');
  expect(lookFor(table, { ...own, startToken: 'of an earlier boot' })).toBeUndefined();
});
