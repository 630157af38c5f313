import { FakeClock, MemoryLogger, parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import { DnsAddressResolver } from '@onebox/protocol';
import { MemoryEventLog } from '@onebox/server';
import { isLeaseOver } from '../src/failure-detector/lease';
import { MetaLink } from '../src/failure-detector/meta-link';
import { settle } from './support/fake-cluster';
import { FakeMeta } from './support/fake-meta';
import { FakeNetwork } from './support/fake-network';

const SELF = parseNode('127.0.0.1:34801');
const M1 = parseNode('127.0.0.1:34601');
const M2 = parseNode('127.0.0.1:34602');
const M3 = parseNode('127.0.0.1:34603');
const TIMERS = { beaconIntervalMs: 3000, checkIntervalMs: 2000, leaseMs: 20_000 };

/** One replica server's link, and three meta servers of which M1 leads. */
class Scene {
  readonly clock = new FakeClock();
  readonly network = new FakeNetwork(this.clock);
  readonly events: string[] = [];
  readonly told = new MemoryEventLog('replica1');
  readonly metas = new Map<Node, FakeMeta>();
  readonly link: MetaLink;

  constructor(first: Node = M1) {
    const addresses = new DnsAddressResolver();
    for (const node of [M1, M2, M3]) {
      const meta = new FakeMeta(node, this.network.from(node), addresses);
      meta.master = node === M1;
      meta.leader = M1;
      meta.register(this.network.listen(node));
      this.metas.set(node, meta);
    }
    const metaServers = [M1, M2, M3];
    this.link = new MetaLink(
      {
        self: SELF,
        metaServers,
        clock: this.clock,
        log: new MemoryLogger(),
        events: this.told,
        network: this.network.from(SELF),
        addresses,
        timers: TIMERS,
        startedAtUnixMs: 1_714_557_600_000,
        random: () => metaServers.indexOf(first) / 3,
      },
      {
        onLease: () => {
          this.events.push(`${this.clock.monotonicMs()} lease`);
          this.link.markConnected();
        },
        onLeaseLost: () => this.events.push(`${this.clock.monotonicMs()} lost`),
      },
    );
  }

  meta(node: Node): FakeMeta {
    const meta = this.metas.get(node);
    if (meta === undefined) throw new Error(`no ${node}`);
    return meta;
  }

  async pass(ms: number, stepMs = 100): Promise<void> {
    await settle();
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(stepMs);
      await settle();
    }
  }

  /** Where beacons went, and when, e.g. `3000 127.0.0.1:34601`. */
  watchBeacons(): string[] {
    const seen: string[] = [];
    this.network.intercept = ({ to }) => void seen.push(`${this.clock.monotonicMs()} ${to}`);
    return seen;
  }
}

describe('the link to the meta servers (reference/cluster-behaviour.md 3.2)', () => {
  test('a beacon goes to the leader every 3 s and names the start of the process', async () => {
    const scene = new Scene();
    const beacons = scene.watchBeacons();
    scene.link.start();
    await scene.pass(7000);
    expect(beacons).toEqual([`0 ${M1}`, `3000 ${M1}`, `6000 ${M1}`]);
    expect(scene.events).toEqual(['0 lease']);
    expect(scene.meta(M1).beacons.at(-1)).toEqual({
      time: 6000,
      from_node: { ip: '127.0.0.1', port: 34801 },
      to_node: { ip: '127.0.0.1', port: 34601 },
      start_time: 1_714_557_600_000,
      hp_from_node: { host: '127.0.0.1', port: 34801 },
      hp_to_node: { host: '127.0.0.1', port: 34601 },
    });
    scene.link.close();
    expect(scene.clock.pending).toBe(0);
  });

  test('a standby that knows the leader is followed at once', async () => {
    const scene = new Scene(M3);
    const beacons = scene.watchBeacons();
    scene.link.start();
    await scene.pass(3500);
    expect(beacons).toEqual([`0 ${M3}`, `0 ${M1}`, `3000 ${M1}`]);
    expect(scene.link).toMatchObject({ state: 'connected', leader: M1 });
    scene.link.close();
  });

  test('a standby that knows no leader is left for the next one after a second', async () => {
    const scene = new Scene(M2);
    scene.meta(M2).leader = undefined;
    const beacons = scene.watchBeacons();
    scene.link.start();
    await scene.pass(1500);
    expect(beacons).toEqual([`0 ${M2}`, `1000 ${M3}`, `1000 ${M1}`]);
    scene.link.close();
  });

  test('a refused connection costs a second, a silent server the time-out of 2 s and a second', async () => {
    const scene = new Scene(M2);
    scene.network.down(M2);
    scene.network.freeze(M3);
    const beacons = scene.watchBeacons();
    scene.link.start();
    await scene.pass(4500);
    expect(beacons).toEqual([`0 ${M2}`, `1000 ${M3}`, `4000 ${M1}`]);
    scene.link.close();
  });

  test('two standbys that point at each other are asked once a second, not faster', async () => {
    const scene = new Scene(M2);
    scene.network.down(M1);
    scene.meta(M2).leader = M3;
    scene.meta(M3).leader = M2;
    const beacons = scene.watchBeacons();
    scene.link.start();
    await scene.pass(3000);
    expect(beacons.length).toBeLessThanOrEqual(6);
    scene.link.close();
  });

  test('a beacon that is not allowed grants nothing', async () => {
    const scene = new Scene();
    scene.meta(M1).allowed = false;
    scene.link.start();
    await scene.pass(30_000, 1000);
    expect(scene.events).toEqual([]);
    expect(scene.link.state).toBe('disconnected');
    scene.link.close();
  });

  test('the lease counts from the sending of a beacon, not from its answer', async () => {
    const scene = new Scene();
    scene.link.start();
    await scene.pass(100);
    // The beacon of 3000 is answered at 4900 only, those after it never.
    scene.network.intercept = async ({ to }) => {
      if (to !== M1) return;
      if (scene.clock.monotonicMs() > 3000) return new Promise<void>(() => undefined);
      await new Promise<void>((resolve) => void scene.clock.after(1900, resolve));
    };
    scene.network.down(M2);
    scene.network.down(M3);
    await scene.pass(25_000);
    // Checks come at even seconds; the first with 21000 + 2000 - 3000 > 20000 is that of 22000.
    expect(scene.events).toEqual(['0 lease', '22000 lost']);
    scene.link.close();
  });

  test('a link that is lost is found again', async () => {
    const scene = new Scene();
    scene.link.start();
    await scene.pass(1000);
    for (const node of [M1, M2, M3]) scene.network.freeze(node);
    await scene.pass(30_000, 500);
    expect(scene.link.state).toBe('disconnected');
    for (const node of [M1, M2, M3]) scene.network.thaw(node);
    scene.meta(M1).master = false;
    scene.meta(M2).master = true;
    for (const node of [M1, M3]) scene.meta(node).leader = M2;
    await scene.pass(5000, 500);
    expect(scene.link).toMatchObject({ state: 'connected', leader: M2 });
    expect(scene.events).toHaveLength(3);
    scene.link.close();
  });

  test('the lease is lost within (L-c-b, L] of the death of the leader, whenever that is', async () => {
    for (let death = 3000; death < 9000; death += 250) {
      const scene = new Scene();
      scene.link.start();
      await scene.pass(death, 250);
      for (const node of [M1, M2, M3]) scene.network.down(node);
      await scene.pass(21_000, 250);
      const lost = Number(scene.events[1]?.split(' ')[0]) - death;
      expect(lost).toBeGreaterThan(15_000);
      expect(lost).toBeLessThanOrEqual(20_000);
      scene.link.close();
    }
  });

  test('a process that was stopped for long is not connected, even before its next check', async () => {
    const scene = new Scene();
    scene.link.start();
    await settle();
    const { clock } = scene;
    expect(scene.link.connected).toBe(true);
    clock.monotonicMs = () => 18_001;
    expect(scene.link).toMatchObject({ state: 'connected', connected: false });
    scene.link.close();
  });
});

test('the lease is over when it would end before the next check', () => {
  const timers = { leaseMs: 20_000, checkIntervalMs: 2000 };
  expect(isLeaseOver(18_000, 0, timers)).toBe(false);
  expect(isLeaseOver(18_001, 0, timers)).toBe(true);
});
