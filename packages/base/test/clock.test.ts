import { FakeClock, ScaledClock } from '../src';

describe('FakeClock', () => {
  test('fires what falls due, in order of time and then of arming', () => {
    const clock = new FakeClock();
    const fired: string[] = [];
    clock.after(20, () => fired.push('late'));
    clock.after(10, () => fired.push('first at 10'));
    clock.after(10, () => fired.push('second at 10'));
    clock.advance(9);
    expect(fired).toEqual([]);
    clock.advance(11);
    expect(fired).toEqual(['first at 10', 'second at 10', 'late']);
    expect(clock.pending).toBe(0);
  });

  test('a timer that was armed by a timer fires within the same advance when it is due', () => {
    const clock = new FakeClock();
    const fired: number[] = [];
    clock.after(10, () => clock.after(5, () => fired.push(clock.monotonicMs())));
    clock.advance(100);
    expect(fired).toEqual([15]);
  });

  test('a periodic timer fires once a period until it is cancelled', () => {
    const clock = new FakeClock();
    const fired: number[] = [];
    const timer = clock.every(3000, () => fired.push(clock.monotonicMs()));
    clock.advance(9500);
    timer.cancel();
    timer.cancel();
    clock.advance(9500);
    expect(fired).toEqual([3000, 6000, 9000]);
  });

  test('shows a wall clock that moves with it', () => {
    const clock = new FakeClock(1000);
    clock.advance(250);
    expect(clock.unixMs()).toBe(1250);
  });
});

describe('ScaledClock', () => {
  test('with scale 0.01, a timer of 5000 Pegasus milliseconds takes 50 real ones', async () => {
    const clock = new ScaledClock(0.01);
    const before = performance.now();
    const pegasusBefore = clock.monotonicMs();
    const firedAt = await new Promise<number>((resolve) => {
      clock.after(5000, () => resolve(clock.monotonicMs()));
      // The clock's own timers do not keep a process alive.
      const alive = setInterval(() => undefined, 1000);
      clock.after(5000, () => clearInterval(alive));
    });
    expect(firedAt - pegasusBefore).toBeGreaterThanOrEqual(4900);
    expect((performance.now() - before) * 100).toBeGreaterThanOrEqual(firedAt - pegasusBefore);
  });

  test('the longest interval a flag can have does not fire at once', async () => {
    const clock = new ScaledClock(10);
    const fired: string[] = [];
    const timers = [
      clock.after(2 ** 32 - 1, () => fired.push('after')),
      clock.every(2 ** 32 - 1, () => fired.push('every')),
    ];
    // A timer of 1 ms, which is what Node makes of them, would fire before this one.
    await new Promise<void>((resolve) => setTimeout(resolve, 5));
    expect(fired).toEqual([]);
    for (const timer of timers) timer.cancel();
  });
});
