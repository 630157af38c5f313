import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { ChildProcessSupervisor, killNow, terminate } from '../src/supervisor';
import { buildProgram } from './support/build-program';
import { FOREVER, withScratch } from './support/scratch';

describe('plain child processes', () => {
  test('they run, tell how they ended, and are gone after they were terminated', () =>
    withScratch(async ({ records, program, directory }) => {
      const supervisor = new ChildProcessSupervisor({ records, outlive: false });
      await supervisor.start([
        program('meta1', FOREVER),
        program('meta2', 'process.exit(3)'),
        program('meta3', FOREVER),
      ]);
      await until('the output', () => readFileSync(join(directory, 'meta1.out'), 'utf8') === 'up\n', {
        withinMs: 5000,
      });
      const meta3 = records.live('meta3');
      await killNow(records, meta3 === undefined ? [] : [meta3]);
      await until('the end of meta2', () => records.live('meta2') === undefined, { withinMs: 5000 });
      expect(await supervisor.exitOf('meta2')).toEqual({ code: 3, signal: null });
      expect(await supervisor.exitOf('meta3')).toEqual({ code: null, signal: 'SIGKILL' });
      expect(await supervisor.exitOf('meta1')).toBeUndefined();
      await terminate(records, records.allLive(), 5000);
      expect(records.allLive()).toEqual([]);
      await supervisor.close();
    }));

  test('one that takes no SIGTERM is killed after the grace, a frozen one is woken for it', () =>
    withScratch(async ({ records, program, directory }) => {
      const supervisor = new ChildProcessSupervisor({ records, outlive: false });
      const deaf = 'process.on("SIGTERM", () => undefined);';
      await supervisor.start([program('meta1', deaf + FOREVER), program('meta2', FOREVER)]);
      for (const name of ['meta1', 'meta2']) {
        await until('the output', () => readFileSync(join(directory, `${name}.out`), 'utf8') === 'up\n', {
          withinMs: 5000,
        });
      }
      process.kill(records.live('meta2')?.identity.pid ?? 0, 'SIGSTOP');
      await until('the freeze', () => records.live('meta2')?.facts.state === 'frozen', { withinMs: 5000 });
      await terminate(records, records.allLive(), 300);
      expect(records.allLive()).toEqual([]);
      expect(await supervisor.exitOf('meta1')).toEqual({ code: null, signal: 'SIGKILL' });
      expect(await supervisor.exitOf('meta2')).toEqual({ code: null, signal: 'SIGTERM' });
      await supervisor.close();
    }));

  test.each([
    ['dies with', false],
    ['outlives', true],
  ])('a child %s a parent that is killed', (_what, outlive) =>
    withScratch(async ({ records, directory }) => {
      const driver = join(mkdtempSync(join(tmpdir(), 'obt-')), 'parent.cjs');
      await buildProgram('packages/cluster/test/support/parent.ts', driver);
      const parent = spawn(process.execPath, [driver, directory, String(outlive)], { stdio: 'ignore' });
      await until('the child', () => records.live('meta1'), { withinMs: 10_000 });
      parent.kill('SIGKILL');
      await new Promise((resolve) => parent.once('exit', resolve));
      if (!outlive) await until('its end', () => records.live('meta1') === undefined, { withinMs: 5000 });
      else {
        expect(records.live('meta1')?.facts.state).toBe('running');
        await killNow(records, records.allLive());
      }
      rmSync(join(driver, '..'), { recursive: true });
    }),
  );
});
