import { PathQueue } from '../src/path-queue';

test('work on the same path waits, work on others does not, and a failure stops nothing', async () => {
  const queue = new PathQueue();
  const done: string[] = [];
  const gates = new Map<string, () => void>();
  const work = (name: string) => async (): Promise<string> => {
    await new Promise<void>((resolve) => gates.set(name, resolve));
    done.push(name);
    if (name === 'bad') throw new Error(name);
    return name;
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  const bad = queue.run(['/a'], work('bad'));
  const second = queue.run(['/a', '/b'], work('second'));
  const third = queue.run(['/b'], work('third'));
  const apart = queue.run(['/c'], work('apart'));
  await settle();
  expect([...gates.keys()]).toEqual(['bad', 'apart']);
  gates.get('apart')?.();
  expect(await apart).toBe('apart');
  gates.get('bad')?.();
  await expect(bad).rejects.toThrow('bad');
  await settle();
  expect([...gates.keys()]).toEqual(['bad', 'apart', 'second']);
  gates.get('second')?.();
  await second;
  await settle();
  gates.get('third')?.();
  expect(await third).toBe('third');
  expect(done).toEqual(['apart', 'bad', 'second', 'third']);
  await settle();
  expect(queue.size).toBe(0);
});
