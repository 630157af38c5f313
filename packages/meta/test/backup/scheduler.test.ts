import { FakeClock, MemoryLogger } from '@onebox/base';
import type { ErrorCode, Node } from '@onebox/base';
import { backupResponse, make } from '@onebox/protocol';
import type { BackupRequest, BackupResponse, RpcClient } from '@onebox/protocol';
import { MetricRegistry, checkConfig, parseIni } from '@onebox/server';
import { BackupService } from '../../src/backup';
import { ServerState } from '../../src/state/server-state';
import { znodePaths } from '../../src/state/znode-paths';
import { R1, R2, config, table } from '../cluster-fixture';
import { MemoryStore } from '../simulation/memory-store';
import { addRequest, modifyRequest } from './backup-requests';
import { MemoryBlockService } from './memory-block-service';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BACKUPS = '/pegasus/onebox/127.0.0.1/backup';

/** The first of May, ten in the morning of the local time zone. */
const MORNING = new Date(2024, 4, 1, 10, 0).getTime();

/** A leader's backups, with replica servers that answer as a test says, on a clock that a test moves. */
class Backups {
  readonly clock = new FakeClock(MORNING);
  readonly store = new MemoryStore();
  readonly block = new MemoryBlockService();
  readonly log = new MemoryLogger();
  readonly metrics = new MetricRegistry({ clock: new FakeClock(), role: 'meta', retirementDelayMs: 600_000 });
  readonly state = new ServerState(
    () => 1,
    () => ({ monotonicMs: this.clock.monotonicMs(), unixMs: this.clock.unixMs() }),
  );
  /** What the event log says of table `stat`. */
  readonly told: string[] = [];
  /** Who was asked for what, as `1.0 127.0.0.1:34801`. */
  readonly asked: string[] = [];
  /** What a replica server answers; nothing: it is dead. */
  answer: (request: BackupRequest, to: Node) => Partial<BackupResponse> | undefined = () => ({
    progress: 1000,
    checkpoint_total_size: 100,
  });
  service = this.newService();

  constructor() {
    const info = { appName: 'stat', appId: 1, partitionCount: 2 };
    const partition = (partitionIndex: number) =>
      config({ gpid: { appId: 1, partitionIndex }, ballot: 3, primary: R1, secondaries: [R2] });
    this.state.add(table(info), [partition(0), partition(1)]);
  }

  async load(): Promise<this> {
    await this.service.load();
    this.service.start();
    await settle();
    return this;
  }

  /** Another leader, which knows what is in ZooKeeper. */
  async failOver(): Promise<void> {
    this.service.close();
    this.service = this.newService();
    await this.load();
  }

  async pass(ms: number, stepMs = MINUTE): Promise<void> {
    await settle();
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(Math.min(stepMs, ms - passed));
      await settle();
    }
  }

  /** When the runs of `every_day` that are kept began, the oldest first, as `D HH:MM` after the first day's midnight. */
  runs(): string[] {
    const backups = this.service.policy('every_day')?.backups(100) ?? [];
    return backups.map(({ startTimeMs }) => localTime(startTimeMs)).reverse();
  }

  dropTable(): void {
    const found = this.state.table(1);
    if (found !== undefined) this.state.updateInfo(found, { status: 'AS_DROPPED' });
  }

  movePrimary(index: number, primary: Node | undefined): void {
    const found = this.state.find({ appId: 1, partitionIndex: index });
    found?.table.replacePartition(index, { ...found.table.partition(index), primary, secondaries: [] });
  }

  /** The ids of backups that have files in the block service. */
  stored(): number[] {
    const ids = [...this.block.files.keys()].map((path) => Number(path.split('/')[1]));
    return [...new Set(ids)].sort((a, b) => a - b);
  }

  znodes(): string[] {
    return [...this.store.nodes.keys()].filter((path) => path.startsWith(`${BACKUPS}/every_day/`));
  }

  private newService(): BackupService {
    const { flags } = checkConfig(parseIni('[replication]\ncold_backup_root = onebox\n', 'config.ini'));
    const call: RpcClient['call'] = async (to, _rpc, request) => {
      const asked = request as BackupRequest;
      this.asked.push(`${asked.pid.appId}.${asked.pid.partitionIndex} ${to}`);
      const given = this.answer(asked, to);
      if (given === undefined) throw new Error('nobody is there');
      const { policy, backup_id: backupId, pid } = asked;
      const err: ErrorCode = 'ERR_OK';
      const response = { err, pid, policy_name: policy.policy_name, backup_id: backupId, ...given };
      return make(backupResponse, response) as never;
    };
    const tableChanged = ({ appName }: { readonly appName: string }, what: string) => {
      this.told.push(`${appName}: ${what}`);
      return { reason: what };
    };
    return new BackupService({
      chronicle: { tableChanged },
      state: this.state,
      store: this.store,
      paths: znodePaths('/pegasus/onebox/127.0.0.1'),
      flags,
      clock: this.clock,
      log: this.log,
      rpcClient: { call },
      blockService: (provider) => (provider === 'local_service' ? this.block : undefined),
      metrics: this.metrics,
      fatal: (reason) => {
        throw new Error(reason);
      },
    });
  }
}

function localTime(unixMs: number): string {
  const time = new Date(unixMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${time.getDate()} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}

let backups: Backups;
beforeEach(async () => {
  backups = await new Backups().load();
});
afterEach(() => {
  backups.service.close();
  expect(backups.clock.pending).toBe(0);
});

test('a policy without a start time begins when it is added, and again after its interval', async () => {
  await backups.service.addPolicy(addRequest());
  await backups.pass(2 * DAY + HOUR);
  expect(backups.runs()).toEqual(['1 10:00', '2 10:00', '3 10:00']);
});

test('an interval is as long as it says: three days', async () => {
  await backups.service.addPolicy(addRequest({ backup_interval_seconds: 3 * 86_400 }));
  await backups.pass(6 * DAY + HOUR, 5 * MINUTE);
  expect(backups.runs()).toEqual(['1 10:00', '4 10:00', '7 10:00']);
});

test('with a start time it begins in that hour of each day, across midnight', async () => {
  await backups.service.addPolicy(addRequest({ start_time: '00:00' }));
  await backups.pass(3 * DAY);
  expect(backups.runs()).toEqual(['2 00:00', '3 00:00', '4 00:00']);
});

test('one backup of a policy at a time: a slow one delays the next', async () => {
  let slow = true;
  backups.answer = () => (slow ? { err: 'ERR_BUSY' } : { progress: 1000 });
  await backups.service.addPolicy(addRequest());
  await backups.pass(DAY + 2 * HOUR, 5 * MINUTE);
  expect(backups.runs()).toEqual(['1 10:00']);
  slow = false;
  await backups.pass(10 * MINUTE);
  expect(backups.runs()).toEqual(['1 10:00', '2 12:01']);
});

test('a partition is asked for every 10 s until it is finished', async () => {
  let progress = 0;
  backups.answer = () => ({
    progress: (progress = Math.min(1000, progress + 200)),
    checkpoint_total_size: 7,
  });
  backups.movePrimary(1, R2);
  await backups.service.addPolicy(addRequest());
  await settle();
  expect(backups.asked).toEqual([`1.0 ${R1}`, `1.1 ${R2}`]);
  await backups.pass(9999, 9999);
  expect(backups.asked).toHaveLength(2);
  await backups.pass(1, 1);
  expect(backups.asked).toHaveLength(4);
  await backups.pass(MINUTE, 1000);
  const [run] = backups.service.policy('every_day')?.backups(1) ?? [];
  expect(run?.endTimeMs).toBe(MORNING + 20_000);
});

test('a dead primary is asked again, and its successor when there is one; without a primary it takes 15 s', async () => {
  backups.answer = (_request, to) => (to === R1 ? undefined : { progress: 1000 });
  await backups.service.addPolicy(addRequest());
  await backups.pass(10_000, 1000);
  expect(backups.asked).toEqual([`1.0 ${R1}`, `1.1 ${R1}`, `1.0 ${R1}`, `1.1 ${R1}`]);
  backups.movePrimary(0, undefined);
  backups.movePrimary(1, R2);
  await backups.pass(10_000, 1000);
  expect(backups.asked.slice(4)).toEqual([`1.1 ${R2}`]);
  backups.movePrimary(0, R2);
  await backups.pass(14_999, 14_999);
  expect(backups.asked).toHaveLength(5);
  await backups.pass(1, 1);
  expect(backups.asked.slice(5)).toEqual([`1.0 ${R2}`]);
  expect(backups.service.policy('every_day')?.backups(1)[0]?.endTimeMs).toBe(MORNING + 35_000);
  expect(backups.told).toEqual([
    `stat: backup every_day@${MORNING}: begins`,
    `stat: backup every_day@${MORNING}: finished`,
  ]);
});

test('an answer about another backup is none', async () => {
  backups.answer = ({ backup_id: id }) => ({ progress: 1000, backup_id: id - 1 });
  await backups.service.addPolicy(addRequest());
  await backups.pass(HOUR);
  expect(backups.service.policy('every_day')?.backups(1)[0]?.endTimeMs).toBe(0);
});

test('a disabled policy does nothing until it is enabled; what it missed it does once', async () => {
  await backups.service.addPolicy(addRequest());
  await backups.pass(HOUR);
  await backups.service.modifyPolicy(modifyRequest({ is_disable: true }));
  await backups.pass(3 * DAY, 5 * MINUTE);
  expect(backups.runs()).toEqual(['1 10:00']);
  await backups.service.modifyPolicy(modifyRequest({ is_disable: false }));
  await backups.pass(HOUR);
  expect(backups.runs()).toEqual(['1 10:00', '4 11:05']);
});

test('disabled by force while it runs, the backup is finished and no other begins', async () => {
  let slow = true;
  backups.answer = () => (slow ? { err: 'ERR_BUSY' } : { progress: 1000 });
  await backups.service.addPolicy(addRequest());
  await backups.pass(MINUTE);
  await backups.service.modifyPolicy(modifyRequest({ is_disable: true, force_disable: true }));
  slow = false;
  await backups.pass(2 * DAY, 5 * MINUTE);
  expect(backups.runs()).toEqual(['1 10:00']);
  expect(backups.service.policy('every_day')?.backups(1)[0]?.endTimeMs).toBeGreaterThan(0);
});

test('a new leader goes on with the backup it finds, and keeps its time', async () => {
  backups.answer = () => ({ err: 'ERR_BUSY' });
  await backups.service.addPolicy(addRequest());
  await backups.pass(HOUR);
  backups.answer = () => ({ progress: 1000 });
  await backups.failOver();
  await backups.pass(DAY);
  expect(backups.runs()).toEqual(['1 10:00', '2 10:00']);
});

test('a new leader that finds the policy disabled waits, and goes on when it is enabled', async () => {
  backups.answer = () => ({ err: 'ERR_BUSY' });
  await backups.service.addPolicy(addRequest());
  await backups.pass(MINUTE);
  await backups.service.modifyPolicy(modifyRequest({ is_disable: true, force_disable: true }));
  await backups.failOver();
  backups.answer = () => ({ progress: 1000 });
  await backups.pass(HOUR);
  expect(backups.service.policy('every_day')?.backups(9)).toMatchObject([
    { startTimeMs: MORNING, endTimeMs: 0 },
  ]);
  await backups.service.modifyPolicy(modifyRequest({ is_disable: false }));
  await backups.pass(6 * MINUTE);
  expect(backups.service.policy('every_day')?.backups(9)).toMatchObject([
    { startTimeMs: MORNING, endTimeMs: MORNING + 66 * MINUTE },
  ]);
});

test('a policy keeps its newest backups; older ones leave the block service and ZooKeeper within 3 minutes', async () => {
  await backups.service.addPolicy(addRequest({ backup_history_count_to_keep: 2 }));
  await backups.pass(3 * DAY + 4 * MINUTE);
  expect(backups.runs()).toEqual(['3 10:00', '4 10:00']);
  const kept = [MORNING + 2 * DAY, MORNING + 3 * DAY];
  expect(backups.stored()).toEqual(kept);
  expect(backups.znodes()).toEqual(kept.map((id) => `${BACKUPS}/every_day/${id}`));
  await backups.service.modifyPolicy(modifyRequest({ backup_history_count_to_keep: 1 }));
  await backups.pass(3 * MINUTE);
  expect(backups.stored()).toEqual([MORNING + 3 * DAY]);
});

test('a backup that cannot be removed stays marked, and is removed later, by another leader too', async () => {
  await backups.service.addPolicy(addRequest({ backup_history_count_to_keep: 1 }));
  await backups.pass(DAY + MINUTE);
  backups.block.broken = 'ERR_FS_INTERNAL';
  await backups.pass(10 * MINUTE);
  const first = `${BACKUPS}/every_day/${MORNING}`;
  expect(backups.store.text(first)).toContain('"info_status":2');
  await backups.service.modifyPolicy(modifyRequest({ backup_history_count_to_keep: 6 }));
  backups.block.broken = undefined;
  await backups.failOver();
  await backups.pass(3 * MINUTE);
  expect(backups.store.text(first)).toBeUndefined();
  expect(backups.stored()).toEqual([MORNING + DAY]);
});

test('a slow block service is asked again after a minute', async () => {
  backups.block.broken = 'ERR_TIMEOUT';
  await backups.service.addPolicy(addRequest());
  await backups.pass(59_000, 1000);
  backups.block.broken = undefined;
  expect(backups.asked).toEqual([]);
  await backups.pass(1000, 1000);
  expect(backups.asked).toHaveLength(2);
});

test.each(['ERR_FS_INTERNAL', 'ERR_INVALID_PARAMETERS'] as const)(
  'a block service that answers %s ends the run; it is begun again after 5 minutes',
  async (code) => {
    backups.block.broken = code;
    await backups.service.addPolicy(addRequest());
    await backups.pass(4 * MINUTE);
    expect(backups.service.policy('every_day')?.backups(1)).toMatchObject([{ id: MORNING, endTimeMs: 0 }]);
    // Nothing is under way that could hinder it.
    expect(await backups.service.modifyPolicy(modifyRequest({ is_disable: true }))).toEqual({
      error: 'ERR_OK',
      hint: '',
    });
    await backups.service.modifyPolicy(modifyRequest({ is_disable: false }));
    backups.block.broken = undefined;
    await backups.pass(MINUTE);
    expect(backups.service.policy('every_day')?.backups(1)).toMatchObject([
      { id: MORNING, endTimeMs: MORNING + 5 * MINUTE },
    ]);
  },
);

test('a replica that cannot make its checkpoint ends the run, and the other partitions are asked no more', async () => {
  backups.answer = ({ pid }) =>
    pid.partitionIndex === 0 ? { err: 'ERR_LOCAL_APP_FAILURE' } : { err: 'ERR_BUSY' };
  await backups.service.addPolicy(addRequest());
  await backups.pass(4 * MINUTE);
  expect(backups.asked).toEqual([`1.0 ${R1}`, `1.1 ${R1}`]);
});

test('with no table left nothing begins; a table that is dropped meanwhile is skipped', async () => {
  backups.answer = () => ({ err: 'ERR_BUSY' });
  await backups.service.addPolicy(addRequest());
  await backups.pass(MINUTE);
  backups.dropTable();
  await backups.pass(3 * DAY, 5 * MINUTE);
  expect(backups.runs()).toEqual(['1 10:00']);
  expect([...backups.block.files.keys()]).toEqual([
    `onebox/${MORNING}/stat_1/meta/app_metadata`,
    `onebox/${MORNING}/backup_info`,
  ]);
});

test('the duration of the newest backup is a metric of the policy, counting up while it runs', async () => {
  let slow = true;
  backups.answer = () => (slow ? { err: 'ERR_BUSY' } : { progress: 1000 });
  await backups.service.addPolicy(addRequest());
  const entity = backups.metrics.find('backup_policy@every_day');
  expect(entity?.attributes).toEqual({ policy_name: 'every_day' });
  const shown = () => entity?.gauge('backup_recent_duration_ms').value;
  await backups.pass(3 * MINUTE);
  expect(shown()).toBe(3 * MINUTE);
  slow = false;
  await backups.pass(HOUR);
  expect(shown()).toBe(4 * MINUTE);
  expect(entity?.stale).toBe(false);
  backups.service.close();
  expect(entity?.stale).toBe(true);
});
