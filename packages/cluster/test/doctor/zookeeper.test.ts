import { checkDocker } from '../../src/doctor/docker-check';
import type { DockerFacts } from '../../src/doctor/docker-check';
import type { Finding } from '../../src/doctor/finding';
import { checkJava } from '../../src/doctor/java-check';
import type { MachineTools } from '../../src/doctor/machine-tools';
import { checkPackage } from '../../src/doctor/package-check';
import type { PackageFacts } from '../../src/doctor/package-check';
import { checkProvider } from '../../src/doctor/provider-check';
import type { ProviderFacts } from '../../src/doctor/provider-check';
import { checkZooKeeper } from '../../src/doctor/zookeeper-check';

const TOOLS: MachineTools = { packageManager: 'apt-get', asRoot: 'already', services: 'systemd' };
const told = (findings: readonly Finding[]) =>
  findings.map(({ status, summary, fix }) => [status, summary, fix]);

describe('docker', () => {
  const ready: DockerFacts = {
    state: 'ready',
    compose: 'docker compose',
    image: 'zookeeper:3.9.3',
    imageThere: true,
  };
  const none: DockerFacts = { state: 'no engine', why: 'no engine answers', denied: false };
  test.each<[DockerFacts, boolean, readonly unknown[]]>([
    [{ state: 'no client' }, false, ['ok', 'there is no Docker; none is needed', null]],
    [
      { state: 'no client' },
      true,
      ['problem', 'there is no Docker', 'apt-get install -y docker.io docker-compose'],
    ],
    [none, false, ['warning', 'no engine answers', 'systemctl start docker']],
    [none, true, ['problem', 'no engine answers', 'systemctl start docker']],
    [
      { ...none, denied: true },
      false,
      ['warning', 'no engine answers', 'usermod -aG docker me && newgrp docker'],
    ],
    [
      { state: 'no compose' },
      false,
      [
        'warning',
        'an engine answers, but there is neither `docker compose` nor `docker-compose`',
        'apt-get install -y docker-compose',
      ],
    ],
    [ready, true, ['ok', 'an engine answers; docker compose; the image zookeeper:3.9.3 is there', null]],
    [
      { ...ready, imageThere: false },
      false,
      [
        'warning',
        'an engine answers, but does not have the image zookeeper:3.9.3',
        'docker pull zookeeper:3.9.3',
      ],
    ],
    [
      { ...ready, imageThere: undefined },
      false,
      [
        'warning',
        'an engine answers, but did not say in time whether it has the image zookeeper:3.9.3',
        'docker image inspect zookeeper:3.9.3',
      ],
    ],
  ])('%j, needed: %j', (facts, needed, finding) => {
    expect(told(checkDocker(facts, { tools: TOOLS, needed, user: 'me' }))).toEqual([finding]);
  });

  test('an engine is started as this machine starts services', () => {
    const fix = (services: MachineTools['services']) =>
      checkDocker(none, { tools: { ...TOOLS, services }, needed: false, user: 'me' })[0]?.fix;
    expect([fix('systemd'), fix('init.d'), fix(undefined)]).toEqual([
      'systemctl start docker',
      'service docker start',
      null,
    ]);
  });
});

describe('java and zookeeper', () => {
  const java = { command: '/usr/bin/java', majorVersion: 17, version: '17.0.15' };
  const why = { why: 'there is none' };
  const ask = (needed: boolean, mentioned: boolean) => ({ tools: TOOLS, needed, mentioned });

  test('what is there is named', () => {
    expect(told(checkJava(java, ask(true, true)))).toEqual([['ok', 'Java 17.0.15 (/usr/bin/java)', null]]);
    const found = { directory: '/usr/share/java', jars: [], version: '3.8.0' };
    expect(told(checkZooKeeper(found, ask(true, true)))).toEqual([
      ['ok', 'Apache ZooKeeper 3.8.0 in /usr/share/java', null],
    ]);
    expect(told(checkZooKeeper({ ...found, version: undefined }, ask(false, false)))).toEqual([
      ['ok', 'Apache ZooKeeper (version unknown) in /usr/share/java', null],
    ]);
  });

  test('what is missing is a problem when the cluster was created with it, and a warning when somebody named it', () => {
    expect(told(checkJava(why, ask(true, false)))).toEqual([
      ['problem', 'there is none', 'apt-get install -y default-jre-headless'],
    ]);
    expect(told(checkJava(why, ask(false, true)))).toEqual([
      ['warning', 'there is none', 'apt-get install -y default-jre-headless'],
    ]);
    expect(told(checkJava(why, ask(false, false)))).toEqual([
      ['ok', 'there is none; only Apache ZooKeeper on this machine needs it', null],
    ]);
    expect(told(checkZooKeeper(why, ask(true, false)))).toEqual([
      ['problem', 'there is none', 'apt-get install -y zookeeper'],
    ]);
    expect(told(checkZooKeeper(why, ask(false, true)))).toEqual([
      ['warning', 'there is none', 'unset ZOOKEEPER_HOME'],
    ]);
    expect(told(checkZooKeeper(why, ask(false, false)))).toEqual([
      ['ok', 'there is none; none is needed', null],
    ]);
  });
});

describe('provider', () => {
  const yes = (detail: string) => ({ ok: true, detail }) as const;
  const no = (why: string) => ({ ok: false, why }) as const;
  const facts: ProviderFacts = {
    docker: no('there is no docker client'),
    imageThere: undefined,
    local: no('there is no java'),
    embedded: yes('our own'),
    recorded: undefined,
  };
  const found = (changed: Partial<ProviderFacts>) => told(checkProvider({ ...facts, ...changed }, TOOLS));

  test('auto takes docker, else local, else embedded', () => {
    expect(found({ docker: yes('docker compose'), local: yes('3.8.0') })).toEqual([
      ['ok', 'auto takes docker: a Docker engine answers', null],
    ]);
    expect(found({ docker: yes('docker compose'), imageThere: false })).toEqual([
      ['ok', 'auto takes docker, once its image is pulled: a Docker engine answers', null],
    ]);
    expect(found({ local: yes('3.8.0') })).toEqual([
      ['ok', 'auto takes local (3.8.0): there is no docker client', null],
    ]);
    expect(found({})).toEqual([
      [
        'warning',
        'auto takes embedded: there is no docker client, and there is no java',
        'apt-get install -y zookeeper',
      ],
    ]);
    expect(found({ embedded: no('it lacks its program') })).toEqual([
      [
        'problem',
        'there is no ZooKeeper for auto: there is no docker client, and there is no java, and it lacks its program',
        'apt-get install -y zookeeper',
      ],
    ]);
  });

  test('a cluster keeps the one it was created with', () => {
    const zookeeper = { kind: 'external', provider: 'zk:2181', hosts: 'zk:2181' } as const;
    expect(
      found({ local: yes('3.8.0'), recorded: { zookeeper, available: yes('1 of 1 servers answer') } }),
    ).toEqual([
      ['ok', 'the cluster was created with zk:2181 (1 of 1 servers answer)', null],
      ['ok', 'auto takes local (3.8.0): there is no docker client', null],
    ]);
    expect(
      found({ local: yes('3.8.0'), recorded: { zookeeper, available: no('nothing answers') } })[0],
    ).toEqual([
      'problem',
      'the cluster was created with zk:2181, which cannot be used: nothing answers',
      null,
    ]);
  });
});

describe('package', () => {
  const facts: PackageFacts = {
    directory: '/opt/one box',
    version: '0.1.0',
    checkout: true,
    bundles: [
      { name: 'cli', built: true, cache: 'used' },
      { name: 'meta', built: true, cache: 'used' },
    ],
    missingFiles: [],
    missingPackages: [],
  };
  const found = (changed: Partial<PackageFacts>) => told(checkPackage({ ...facts, ...changed }));

  test('a whole one', () => {
    expect(found({})).toEqual([
      ['ok', 'pegasus-onebox 0.1.0: 2 bundles with code caches, dependencies there', null],
    ]);
  });

  test('what is missing of a checkout is built, of an installed package installed again', () => {
    const bundles = [{ name: 'meta', built: false, cache: 'missing' }] as const;
    const changed = { bundles, missingFiles: ['onebox.ini'], missingPackages: ['pm2'] };
    expect(found(changed)).toEqual([
      [
        'problem',
        'missing in /opt/one box: dist/meta.js, onebox.ini',
        "(cd '/opt/one box' && npm run build)",
      ],
      ['problem', 'packages that cannot be found: pm2', "(cd '/opt/one box' && npm ci)"],
    ]);
    expect(found({ ...changed, checkout: false }).map(([, , fix]) => fix)).toEqual([
      'npm install --force pegasus-onebox@0.1.0',
      'npm install --force pegasus-onebox@0.1.0',
    ]);
  });

  test.each([
    ['refused', 'the code caches of meta are for another Node: each server starts about 50 ms later'],
    ['missing', 'there are no code caches of meta: each server starts about 50 ms later'],
  ] as const)('code caches that are %s', (cache, summary) => {
    const bundles = [{ name: 'meta', built: true, cache }];
    expect(found({ bundles })).toEqual([['warning', summary, "(cd '/opt/one box' && npm run build)"]]);
    expect(found({ bundles, checkout: false })[0]?.[2]).toBe(
      `(cd '/opt/one box' && node -e 'require('\\''./bin/bundle.cjs'\\'').writeCaches()')`,
    );
  });
});
