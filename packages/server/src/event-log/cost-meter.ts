import type { EventLogCost } from './logged-event';

/** Of how many events one is measured: to ask for the processor time costs as much as half an event. */
const SAMPLE = 16;

/** How much processor time the events of a process take: that of every 16th one, and of every new file. */
export class CostMeter {
  private told = 0;
  private eventsUs = 0;
  private filesUs = 0;

  get cost(): EventLogCost {
    return { told: this.told, cpuMs: (this.eventsUs * SAMPLE + this.filesUs) / 1000 };
  }

  event(work: () => void): void {
    this.told += 1;
    if (this.told % SAMPLE !== 0) {
      work();
      return;
    }
    const filesUs = this.filesUs;
    this.eventsUs += processorUs(work);
    // A new file is an event of its own kind: it is not one of sixteen.
    this.eventsUs -= this.filesUs - filesUs;
  }

  newFile(work: () => void): void {
    this.filesUs += processorUs(work);
  }
}

function processorUs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
