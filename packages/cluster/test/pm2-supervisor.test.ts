import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { readDeaths } from '../src/event-log/supervisor-deaths';
import { Pm2Supervisor, killNow, terminate } from '../src/supervisor';
import type { ProcessRecords } from '../src/supervisor';
import { FOREVER, PM2_DAEMON, withScratch } from './support/scratch';
import type { Scratch } from './support/scratch';

function supervisorOf({ directory, records }: Scratch): Pm2Supervisor {
  return new Pm2Supervisor({ home: join(directory, 'pm2'), records, daemonProgram: PM2_DAEMON });
}

/** The pids behind some names, of which each must run. */
function pidsOf(records: ProcessRecords, names: readonly string[]): readonly (number | undefined)[] {
  return names.map((name) => records.live(name)?.identity.pid);
}

const SEVEN = ['meta1', 'meta2', 'meta3', 'replica1', 'replica2', 'replica3', 'collector'];

describe('processes under pm2', () => {
  test('seven start at once, write their output to their files, and stopping leaves no process, socket or pid file', () =>
    withScratch(async (scratch) => {
      const { directory, records, program } = scratch;
      const supervisor = supervisorOf(scratch);
      await supervisor.start(SEVEN.map((name) => program(name, FOREVER)));
      expect(records.allLive().map(({ name }) => name)).toEqual([...SEVEN, 'pm2'].sort());
      await until('the output', () => readFileSync(join(directory, 'meta1.out'), 'utf8') === 'up\n', {
        withinMs: 5000,
      });

      const servers = records.allLive().filter(({ name }) => name !== 'pm2');
      await terminate(records, servers, 5000);
      await supervisor.close();
      expect(records.allLive()).toEqual([]);
      expect(readdirSync(join(directory, 'pm2')).sort()).toEqual(['module_conf.json', 'pm2.log']);
      await supervisor.close();
    }));

  test('the user’s own ~/.pm2 is neither used nor made', () =>
    withScratch(async (scratch) => {
      const before = existsSync(join(homedir(), '.pm2'));
      const supervisor = supervisorOf(scratch);
      await supervisor.start([scratch.program('meta1', FOREVER)]);
      expect(existsSync(join(homedir(), '.pm2'))).toBe(before);
      await killNow(scratch.records, scratch.records.allLive());
      await supervisor.close();
    }));

  test('an exit code and a signal are told apart, also by a supervisor that did not start the process', () =>
    withScratch(async (scratch) => {
      const { records, program } = scratch;
      const began = Date.now();
      const supervisor = supervisorOf(scratch);
      await supervisor.start([
        program('meta1', 'process.exit(7)'),
        program('meta2', 'process.exit(0)'),
        program('meta3', FOREVER),
      ]);
      await killNow(
        records,
        records.allLive().filter(({ name }) => name === 'meta3'),
      );
      await until('the end of all', () => records.allLive().length === 1, { withinMs: 5000 });
      const other = supervisorOf(scratch);
      expect(await other.exitOf('meta1')).toEqual({ code: 7, signal: null });
      expect(await other.exitOf('meta2')).toEqual({ code: 0, signal: null });
      expect(await other.exitOf('meta3')).toEqual({ code: null, signal: 'SIGKILL' });
      expect(await other.exitOf('replica1')).toBeUndefined();
      // What the event log takes: who, how, and when, to the millisecond.
      const deaths = readDeaths({ pm2Home: join(scratch.directory, 'pm2') });
      expect(new Map(deaths.map(({ name, exit }) => [name, exit]))).toEqual(
        new Map([
          ['meta1', { code: 7, signal: null }],
          ['meta2', { code: 0, signal: null }],
          ['meta3', { code: null, signal: 'SIGKILL' }],
        ]),
      );
      for (const { unixMs } of deaths) {
        expect(unixMs).toBeGreaterThanOrEqual(began);
        expect(unixMs).toBeLessThanOrEqual(Date.now());
      }

      await other.start([program('meta1', FOREVER)]);
      expect(await other.exitOf('meta1')).toBeUndefined();
      other.release();
      await killNow(records, records.allLive());
      await supervisor.close();
    }));

  test('a daemon killed with SIGKILL costs no process, and the next one starts beside them', () =>
    withScratch(async (scratch) => {
      const { records, program } = scratch;
      const first = supervisorOf(scratch);
      await first.start(SEVEN.map((name) => program(name, FOREVER)));
      const pids = pidsOf(records, SEVEN);
      const daemon = records.live('pm2');
      if (daemon === undefined) throw new Error('a daemon');
      await killNow(records, [daemon]);
      first.release();
      expect(pidsOf(records, SEVEN)).toEqual(pids);

      const second = supervisorOf(scratch);
      const meta1 = records.live('meta1');
      if (meta1 === undefined) throw new Error('meta1');
      await killNow(records, [meta1]);
      expect(await second.exitOf('meta1')).toBeUndefined();
      await second.start([program('meta1', FOREVER)]);
      expect(pidsOf(records, SEVEN).slice(1)).toEqual(pids.slice(1));
      expect(records.live('meta1')?.identity.pid).not.toBe(pids[0]);
      await terminate(
        records,
        records.allLive().filter(({ name }) => name !== 'pm2'),
        5000,
      );
      await second.close();
      expect(records.allLive()).toEqual([]);
    }));

  test('a frozen daemon is replaced', () =>
    withScratch(async (scratch) => {
      const { records, program } = scratch;
      const first = supervisorOf(scratch);
      await first.start([program('meta1', FOREVER)]);
      first.release();
      const daemon = records.live('pm2')?.identity.pid ?? 0;
      process.kill(daemon, 'SIGSTOP');
      const second = supervisorOf(scratch);
      await second.start([program('meta2', FOREVER)]);
      expect(records.live('pm2')?.identity.pid).not.toBe(daemon);
      expect(records.allLive().map(({ name }) => name)).toEqual(['meta1', 'meta2', 'pm2']);
      await killNow(
        records,
        records.allLive().filter(({ name }) => name !== 'pm2'),
      );
      await second.close();
    }));

  test('a program that does not exist ends with the shell’s code, and its output says so', () =>
    withScratch(async (scratch) => {
      const supervisor = supervisorOf(scratch);
      await supervisor.start([scratch.program('meta1', '', { command: '/nonexistent/pegasus_server' })]);
      await until('its end', () => scratch.records.live('meta1') === undefined, { withinMs: 5000 });
      expect(await supervisor.exitOf('meta1')).toEqual({ code: 127, signal: null });
      expect(readFileSync(join(scratch.directory, 'meta1.out'), 'utf8')).toContain('not found');
      await supervisor.close();
    }));
});
