import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { examine } from '../../src/doctor';
import { CHECK_NAMES } from '../../src/doctor/finding';
import type { Probes } from '../../src/doctor/probes';
import { runDoctor } from '../../src/doctor/run-doctor';
import { systemProbes } from '../../src/doctor/system/system-probes';
import { findTarget } from '../../src/doctor/target';
import { chooseProvider } from '../../src/zookeeper-provider';

const PROJECT = join(__dirname, '../../../..');
const INSTALLATION = {
  serverProgram: join(PROJECT, 'bin/pegasus_server'),
  zookeeperProgram: join(PROJECT, 'bin/zookeeper_embedded'),
  resumerProgram: join(PROJECT, 'bin/onebox_resumer'),
  dashboardProgram: '',
  pm2Daemon: '',
  template: join(PROJECT, 'onebox.ini'),
  composeFile: join(PROJECT, 'docker-compose.yml'),
};

let above: string;
beforeEach(() => (above = mkdtempSync(join(tmpdir(), 'obt-'))));
afterEach(() => rmSync(above, { recursive: true }));

const probes = (environment: NodeJS.ProcessEnv = process.env): Probes =>
  systemProbes(findTarget('box', join(above, 'home'), undefined), INSTALLATION, environment);
const run = (changed: Partial<Probes>) =>
  runDoctor(findTarget('box', join(above, 'home'), undefined), { ...probes(), ...changed }, 300);

test('every check finds something out, and nothing is made by looking', async () => {
  const home = join(above, 'home');
  const { cluster, directory, findings } = await examine({
    ...{ name: 'box', home, installation: INSTALLATION, environment: process.env },
  });
  expect([cluster, directory]).toEqual(['box', join(home, 'box')]);
  expect([...new Set(findings.map(({ check }) => check))]).toEqual(CHECK_NAMES);
  expect(readdirSync(above)).toEqual([]);
});

test('a name that is none is refused', () => {
  expect(() => findTarget('../x', above, undefined)).toThrow("'../x' is not a name for a cluster");
});

test('a look that hangs, and one that fails, are findings; the others are not held up', async () => {
  const { findings } = await run({
    docker: () => new Promise(() => undefined),
    clock: () => {
      throw new Error('there is no clock');
    },
  });
  const told = findings.filter(({ check }) => ['docker', 'provider', 'clock', 'temp'].includes(check));
  expect(told.map(({ check, status, summary }) => [check, status, summary])).toEqual([
    [
      'docker',
      'warning',
      'could not be looked at: ONEBOX_TIMED_OUT: a look at docker did not happen within 300 ms',
    ],
    [
      'provider',
      'warning',
      'could not be looked at: ONEBOX_TIMED_OUT: a look at provider did not happen within 300 ms',
    ],
    ['temp', 'ok', `${tmpdir()} is writable`],
    ['clock', 'warning', 'could not be looked at: there is no clock'],
  ]);
});

test('auto is what a start would choose, with and without Apache ZooKeeper', async () => {
  const { composeFile, zookeeperProgram } = INSTALLATION;
  for (const env of [
    { PATH: dirname(process.execPath), ZOOKEEPER_HOME: '/nonexistent' },
    { PATH: process.env['PATH'], DOCKER_HOST: 'unix:///nonexistent', HOME: above },
  ]) {
    const { provider } = await chooseProvider('auto', {
      composeFile,
      zookeeperProgram,
      env,
      announce: () => undefined,
    });
    const target = findTarget('box', join(above, 'home'), undefined);
    const { findings } = await runDoctor(target, probes(env));
    expect(findings.find(({ check }) => check === 'provider')?.data).toEqual({ auto: provider.kind });
  }
});

test('what stands in the way of a state directory', async () => {
  const disk = async (home: string) => {
    const target = findTarget('box', home, undefined);
    const { findings } = await runDoctor(target, systemProbes(target, INSTALLATION, process.env));
    return findings
      .filter(({ check, status }) => check === 'disk' && status !== 'ok')
      .map(({ summary }) => summary);
  };
  const long = `/${'h'.repeat(99)}`;
  expect(await disk(long)).toEqual([
    `the state directory ${long}/box is 21 bytes too long for the sockets in it`,
  ]);
  const file = join(above, 'file');
  writeFileSync(file, '');
  expect(await disk(file)).toEqual([`${file} cannot be written to: it is not a directory`]);
  mkdirSync(join(above, 'box'));
  writeFileSync(join(above, 'box/letter.txt'), '');
  expect(await disk(above)).toEqual([`${join(above, 'box')} exists and was not made by onebox`]);
});
