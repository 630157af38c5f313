import { readFileSync } from 'node:fs';
import type { EventHead } from './logged-event';

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';
/** To tell this boot from others of the same machine. */
const ENOUGH_OF_IT = 8;
const NS_PER_US = 1000n;

/** Where an event gets its id and its times from. */
export interface EventTimes {
  /** Real unix milliseconds. */
  unixMs(): number;
  /** Microseconds of the machine's monotonic clock. */
  monotonicUs(): number;
  readonly boot: string;
}

/** The machine's own. */
export function machineTimes(): EventTimes {
  return {
    unixMs: () => Date.now(),
    monotonicUs: () => Number(process.hrtime.bigint() / NS_PER_US),
    boot: bootId(),
  };
}

/** Makes the envelopes of one server's events. */
export class EventHeads {
  private told = 0;

  /** @param begun makes ids unique among processes that tell under the same name one after the other */
  constructor(
    private readonly server: string,
    private readonly times: EventTimes,
    private readonly begun = times.unixMs().toString(36),
  ) {}

  next(cause: string | undefined): EventHead {
    this.told += 1;
    const { times, server } = this;
    return {
      id: `${server}/${this.begun}/${this.told}`,
      unixMs: times.unixMs(),
      monotonicUs: times.monotonicUs(),
      boot: times.boot,
      server,
      cause,
    };
  }
}

/** Which boot of the machine this is; empty where the system does not say (macOS). */
function bootId(): string {
  try {
    return readFileSync(BOOT_ID_FILE, 'utf8').slice(0, ENOUGH_OF_IT);
  } catch {
    return '';
  }
}
