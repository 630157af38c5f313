import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { ChildProcessSupervisor, killNow, terminate } from '../src/supervisor';
import { buildProgram } from './support/build-program';
import { FOREVER, withScratch } from './support/scratch';
import type { Scratch } from './support/scratch';

describe('plain child processes', () => {
  test('they run, tell how they ended, and are gone after they were terminated', () =>
    withScratch(async ({ records, program, directory }) => {
      const supervisor = new ChildProcessSupervisor({ records });
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
      const supervisor = new ChildProcessSupervisor({ records });
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

  test('a child outlives a parent that is killed, when nobody left a last will', () =>
    withParent('stays', async ({ records, kill }) => {
      await kill();
      expect(records.live('meta1')?.facts.state).toBe('running');
    }));

  test('with a last will it dies with its parent, and so does what others started for the same cluster', () =>
    withParent('dies', async ({ records, directory, program, kill }) => {
      const others = new ChildProcessSupervisor({ records });
      await others.start([program('meta2', FOREVER), program('stranger', FOREVER)]);
      // Its pid stands in a record of somebody who had it before.
      const stranger = records.live('stranger');
      writeFileSync(records.fileOf('stranger'), `${stranger?.identity.pid} of-another-boot:1\n`);
      await kill();
      await until('their end', () => records.allLive().length === 0, { withinMs: 5000 });
      expect(existsSync(directory)).toBe(true);
      const pid = stranger?.identity.pid ?? 0;
      expect(process.kill(pid, 0)).toBe(true);
      process.kill(pid, 'SIGKILL');
    }));

  test('a command that was run for the cluster is asked to end, and killed when it does not', () =>
    withParent('bequeaths', async ({ directory, kill }) => {
      const said = () => readFileSync(join(directory, 'deaf'), 'utf8');
      const pid = await until('the command', () => existsSync(join(directory, 'deaf')) && Number(said()), {
        withinMs: 10_000,
      });
      await kill();
      await until('its end', () => !isAlive(pid), { withinMs: 20_000 });
      expect(said()).toBe(`${pid} heard SIGTERM`);
    }));

  test('the directory of a cluster that is to vanish goes too', () =>
    withParent('vanishes', async ({ records, directory, kill }) => {
      writeFileSync(join(directory, '.pegasus-onebox'), 'ours');
      const meta1 = records.live('meta1');
      if (meta1 === undefined) throw new Error('meta1 does not run');
      await kill();
      await until('the deletion', () => !existsSync(directory), { withinMs: 5000 });
      // SIGKILL is told to a process before it is carried out.
      await until('its end', () => !records.isLive(meta1), { withinMs: 5000 });
    }));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A parent with one child, meta1; it ends with the test. */
async function withParent(
  fate: 'stays' | 'dies' | 'vanishes' | 'bequeaths',
  work: (scratch: Scratch & { readonly kill: () => Promise<void> }) => Promise<void>,
): Promise<void> {
  await withScratch(async (scratch) => {
    const driver = join(mkdtempSync(join(tmpdir(), 'obt-')), 'parent.cjs');
    await buildProgram('packages/cluster/test/support/parent.ts', driver);
    const parent = spawn(process.execPath, [driver, scratch.directory, fate], { stdio: 'ignore' });
    const ended = new Promise<void>((resolve) => parent.once('exit', () => resolve()));
    const kill = () => {
      parent.kill('SIGKILL');
      return ended;
    };
    try {
      await until('the child', () => scratch.records.live('meta1'), { withinMs: 10_000 });
      await work({ ...scratch, kill });
    } finally {
      await kill();
      rmSync(join(driver, '..'), { recursive: true });
    }
  });
}
