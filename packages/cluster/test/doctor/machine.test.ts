import { checkClock } from '../../src/doctor/clock-check';
import { checkDisk } from '../../src/doctor/disk-check';
import type { DiskFacts } from '../../src/doctor/disk-check';
import type { Finding } from '../../src/doctor/finding';
import { worstOf } from '../../src/doctor/finding';
import { checkLimits } from '../../src/doctor/limits-check';
import type { LimitFacts } from '../../src/doctor/limits-check';
import { checkLoopback } from '../../src/doctor/loopback-check';
import { installCommand, rootCommand } from '../../src/doctor/machine-tools';
import type { MachineTools } from '../../src/doctor/machine-tools';
import { checkMemory } from '../../src/doctor/memory-check';
import { checkNode, satisfies } from '../../src/doctor/node-check';
import { shellWords } from '../../src/doctor/shell-words';
import { checkTemp } from '../../src/doctor/temp-check';

const ROOT: MachineTools = { packageManager: 'apt-get', asRoot: 'already', services: 'systemd' };
const BARE: MachineTools = { packageManager: undefined, asRoot: undefined, services: undefined };

/** Status, summary and fix of each finding. */
const told = (findings: readonly Finding[]) =>
  findings.map(({ status, summary, fix }) => [status, summary, fix]);
const MIB = 1024 * 1024;

test('the worst finding is the verdict', () => {
  const of = (...statuses: Finding['status'][]) => worstOf(statuses.map((status) => ({ status })));
  expect([of(), of('ok'), of('ok', 'warning'), of('warning', 'problem', 'ok')]).toEqual([
    'ok',
    'ok',
    'warning',
    'problem',
  ]);
});

test('a command line is read by a shell as the words it is made of', () => {
  expect(shellWords('cd', '/a/b-c_d.e')).toBe('cd /a/b-c_d.e');
  expect(shellWords('rm', "it's", 'a b', '$HOME')).toBe("rm 'it'\\''s' 'a b' '$HOME'");
  expect(shellWords('')).toBe("''");
});

test('what is missing is installed with the package manager there is, as root where that can be had', () => {
  expect(installCommand('zookeeper', ROOT)).toBe('apt-get install -y zookeeper');
  expect(installCommand('docker', { ...ROOT, asRoot: 'sudo' })).toBe(
    'sudo apt-get install -y docker.io docker-compose',
  );
  expect(installCommand('java', { ...BARE, packageManager: 'brew' })).toBe('brew install openjdk');
  expect(installCommand('docker', { ...BARE, packageManager: 'brew' })).toBeNull();
  expect(installCommand('java', { ...ROOT, asRoot: undefined })).toBeNull();
  expect(installCommand('java', BARE)).toBeNull();
  expect(rootCommand('true', { ...BARE, asRoot: 'sudo' })).toBe('sudo true');
});

describe('node', () => {
  const facts = { version: '20.20.2', wanted: '>=20', program: '/usr/bin/node', platform: 'linux' as const };

  test.each([
    ['20.20.2', '>=20', true],
    ['20.0.0', '>=20', true],
    ['v22.1.0', '>=20.11', true],
    ['19.9.9', '>=20', false],
    ['20.10.9', '>=20.11.0', false],
    ['20.11.0', '>= 20.11.0', true],
    ['18.0.0', '^20 || ^22', true],
  ])('%s in %s: %s', (version, range, expected) => expect(satisfies(version, range)).toBe(expected));

  test('one that is new enough is in order, an old one and Windows are not', () => {
    expect(told(checkNode(facts))).toEqual([['ok', 'Node 20.20.2 (>=20 is needed)', null]]);
    expect(told(checkNode({ ...facts, version: '18.19.0' }))).toEqual([
      ['problem', 'Node 18.19.0 is too old: >=20 is needed', 'nvm install --lts'],
    ]);
    expect(told(checkNode({ ...facts, platform: 'win32' }))).toEqual([
      [
        'problem',
        'Node 20.20.2 (>=20 is needed), but Windows has no signals and sockets as the servers need them',
        'wsl --install',
      ],
    ]);
  });
});

describe('disk', () => {
  const facts: DiskFacts = {
    directory: '/home/me/.pegasus-onebox/onebox',
    existing: '/home/me',
    writable: true,
    why: undefined,
    freeBytes: 5000 * MIB,
    freeInodes: 100_000,
    obstacle: undefined,
  };
  const found = (changed: Partial<DiskFacts>) => told(checkDisk({ ...facts, ...changed }, 'me'));
  const LARGEST = 'du -xh /home/me 2>/dev/null | sort -h | tail';
  const ELSEWHERE = 'export ONEBOX_HOME=/tmp/onebox-me';

  test.each([
    [{}, 'ok', '5000 MiB free for /home/me/.pegasus-onebox/onebox, writable', null],
    [{ freeInodes: undefined }, 'ok', '5000 MiB free for /home/me/.pegasus-onebox/onebox, writable', null],
    [
      { freeBytes: 900 * MIB },
      'warning',
      'only 900 MiB are free for /home/me/.pegasus-onebox/onebox',
      LARGEST,
    ],
    [{ freeBytes: 99 * MIB }, 'problem', 'only 99 MiB are free for /home/me/.pegasus-onebox/onebox', LARGEST],
    [
      { freeInodes: 10 },
      'problem',
      'only 10 more files fit on the filesystem of /home/me/.pegasus-onebox/onebox',
      LARGEST,
    ],
    [{ writable: false, why: 'EACCES' }, 'problem', '/home/me cannot be written to: EACCES', ELSEWHERE],
    [{ obstacle: { kind: 'too long', why: 'it is too long' } }, 'problem', 'it is too long', ELSEWHERE],
  ] as const)('%j', (changed, status, summary, fix) => {
    expect(found(changed)).toEqual([[status, summary, fix]]);
  });

  test('everything that is wrong is told', () => {
    expect(found({ writable: false, why: 'EROFS', freeBytes: 0, freeInodes: 0 })).toHaveLength(3);
  });
});

test('temporary files', () => {
  expect(told(checkTemp({ directory: '/tmp', why: undefined }))).toEqual([['ok', '/tmp is writable', null]]);
  expect(told(checkTemp({ directory: '/tmp', why: 'EACCES' }))).toEqual([
    ['warning', 'temporary files cannot be made in /tmp: EACCES', 'chmod 1777 /tmp'],
  ]);
  expect(told(checkTemp({ directory: '/gone', why: 'it does not exist' }))).toEqual([
    ['warning', 'temporary files cannot be made in /gone: it does not exist', 'unset TMPDIR'],
  ]);
});

describe('limits, for 7 servers', () => {
  const facts: LimitFacts = {
    openFiles: 20_000,
    processes: undefined,
    processesUsed: undefined,
    ofContainer: false,
  };
  const found = (changed: Partial<LimitFacts>, tools = ROOT) =>
    told(checkLimits({ ...facts, ...changed }, 7, tools));

  test.each([
    [{}, 'ok', 'open files 20000, processes unlimited', null],
    [{ openFiles: undefined, processes: 4000 }, 'ok', 'open files unlimited, processes 4000', null],
    [{ openFiles: 512 }, 'warning', 'a process may open 512 files only', 'ulimit -n 4096'],
    [{ openFiles: 200 }, 'problem', 'a process may open 200 files only', 'ulimit -n 4096'],
    [
      { processes: 400, processesUsed: 200 },
      'warning',
      '200 of 400 processes and threads are left; a cluster needs about 137',
      'ulimit -u "$(ulimit -H -u)"',
    ],
    [
      { processes: 300, processesUsed: 200, ofContainer: true },
      'problem',
      '100 of 300 processes and threads are left; a cluster needs about 137',
      null,
    ],
  ] as const)('%j', (changed, status, summary, fix) => {
    expect(found(changed)).toEqual([[status, summary, fix]]);
  });

  test('without the rights of root the limit of the shell is raised through sudo, or not at all', () => {
    expect(found({ openFiles: 512 }, { ...ROOT, asRoot: 'sudo' })[0]?.[2]).toBe(
      'sudo prlimit --pid $$ --nofile=4096',
    );
    expect(found({ openFiles: 512 }, BARE)[0]?.[2]).toBeNull();
  });
});

describe('memory, for 7 servers', () => {
  const found = (availableMib: number | undefined, inUseMib = 0, exists = false) =>
    told(
      checkMemory(
        {
          availableBytes: availableMib === undefined ? undefined : availableMib * MIB,
          totalBytes: 8000 * MIB,
          inUseBytes: inUseMib * MIB,
        },
        7,
        exists,
      ),
    );

  test('enough, little, too little', () => {
    expect(found(800)).toEqual([['ok', '800 MiB available; 7 servers need about 630 MiB', null]]);
    expect(found(700)).toEqual([
      ['warning', '700 MiB available; 7 servers need about 630 MiB', 'onebox start -m 1 -r 1'],
    ]);
    expect(found(300)).toEqual([
      ['problem', '300 MiB available; 7 servers need about 630 MiB', 'onebox start -m 1 -r 1'],
    ]);
  });

  test('what the cluster has already counts; one that exists keeps its servers', () => {
    expect(found(300, 500)).toEqual([['ok', '800 MiB available; 7 servers need about 630 MiB', null]]);
    expect(found(300, 0, true)).toEqual([
      ['problem', '300 MiB available; 7 servers need about 630 MiB', null],
    ]);
  });

  test('where the system tells nothing the whole counts', () => {
    expect(found(undefined)).toEqual([['ok', '8000 MiB available; 7 servers need about 630 MiB', null]]);
  });
});

describe('loopback', () => {
  const facts = { bindRefusal: undefined, connectRefusal: undefined, localhost: ['127.0.0.1', '::1'] };
  test.each([
    [{}, 'ok', '127.0.0.1 can be opened and reached, and is localhost', null],
    [
      { bindRefusal: 'EADDRNOTAVAIL' },
      'problem',
      'no port can be opened on 127.0.0.1: EADDRNOTAVAIL',
      'ip link set lo up',
    ],
    [
      { connectRefusal: 'no answer within 1000 ms' },
      'problem',
      '127.0.0.1 cannot be reached: no answer within 1000 ms',
      'iptables -I INPUT -i lo -j ACCEPT',
    ],
    [
      { localhost: ['::1'] },
      'warning',
      'localhost is ::1 only; the servers listen on 127.0.0.1',
      "sh -c 'echo 127.0.0.1 localhost >>/etc/hosts'",
    ],
    [
      { localhost: [] },
      'warning',
      'localhost does not resolve; the servers listen on 127.0.0.1',
      "sh -c 'echo 127.0.0.1 localhost >>/etc/hosts'",
    ],
  ] as const)('%j', (changed, status, summary, fix) => {
    expect(told(checkLoopback({ ...facts, ...changed }, ROOT))).toEqual([[status, summary, fix]]);
  });
});

test('a clock that goes behind what is there already is wrong', () => {
  const past = [{ what: 'this installation', unixMs: Date.UTC(2026, 0, 1) }];
  expect(told(checkClock({ nowUnixMs: Date.UTC(2026, 0, 1), past }, ROOT))).toEqual([
    ['ok', '2026-01-01T00:00:00.000Z', null],
  ]);
  expect(told(checkClock({ nowUnixMs: 0, past }, ROOT))).toEqual([
    [
      'warning',
      "it is 1970-01-01T00:00:00.000Z by this machine's clock, and this installation is of 2026-01-01T00:00:00.000Z",
      'timedatectl set-ntp true',
    ],
  ]);
});
