import type { Clock, Timer } from '@onebox/base';

/** Work that is due right after the current turn of the event loop: what is being answered now goes out first. */
export class Soon {
  private readonly waiting: (() => void)[] = [];
  private timer: Timer | undefined;
  private closed = false;

  constructor(private readonly clock: Clock) {}

  do(work: () => void): void {
    if (this.closed) return;
    this.waiting.push(work);
    this.timer ??= this.clock.after(0, () => this.run());
  }

  close(): void {
    this.closed = true;
    this.timer?.cancel();
    this.waiting.length = 0;
  }

  private run(): void {
    this.timer = undefined;
    for (const work of this.waiting.splice(0)) work();
  }
}
