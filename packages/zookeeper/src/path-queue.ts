/** Lets the writes of a node happen one after the other, and those of different nodes at once. */
export class PathQueue {
  private readonly tails = new Map<string, Promise<unknown>>();

  /** Runs `work` when everything that was queued earlier for any of the paths is done, however it ended. */
  run<T>(paths: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = paths.flatMap((path) => this.tails.get(path) ?? []);
    const result = Promise.allSettled(before).then(work);
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    for (const path of paths) this.tails.set(path, tail);
    void tail.then(() => {
      for (const path of paths) if (this.tails.get(path) === tail) this.tails.delete(path);
    });
    return result;
  }

  /** Paths with work under way or waiting. */
  get size(): number {
    return this.tails.size;
  }
}
