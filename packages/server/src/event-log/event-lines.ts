import { readFileSync } from 'node:fs';
import type { EventFacts, EventType } from './logged-event';

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';
/** To tell this boot from others of the same machine. */
const ENOUGH_OF_IT = 8;
const US_PER_SECOND = 1e6;
const NS_PER_US = 1000;
const NO_FACTS = '{}';

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
    monotonicUs,
    boot: bootId(),
  };
}

/** An event as a line of JSON, without the end of the line. */
export interface EventLine {
  /** Of the event, for later ones to name as their cause. */
  readonly id: string;
  readonly text: string;
}

/**
 * Makes the lines of one server's events: the envelope (`EventHead`), the type, and the facts. Texts are joined, not objects: whatever is
 * the same in each event was made once. Servers tell thousands (`npm run bench -- events`).
 */
export class EventLines {
  private told = 0;
  private readonly idBegin: string;
  private readonly constants: string;

  /** @param begun makes ids unique among processes that tell under the same name one after the other */
  constructor(
    server: string,
    private readonly times: EventTimes,
    begun = times.unixMs().toString(36),
  ) {
    this.idBegin = `${server}/${begun}/`;
    this.constants = JSON.stringify({ boot: times.boot, server }).slice(1, -1);
  }

  next<T extends EventType>(type: T, facts: EventFacts[T], cause?: string): EventLine {
    this.told += 1;
    const { times, constants } = this;
    const id = `${this.idBegin}${this.told}`;
    const led = cause === undefined ? '' : `,"cause":"${cause}"`;
    const head = `{"id":"${id}","unixMs":${times.unixMs()},"monotonicUs":${times.monotonicUs()},${constants}${led}`;
    const own = JSON.stringify(facts);
    return { id, text: `${head},"type":"${type}"${own === NO_FACTS ? '' : ','}${own.slice(1)}` };
  }
}

function monotonicUs(): number {
  const [seconds, ns] = process.hrtime();
  return seconds * US_PER_SECOND + Math.floor(ns / NS_PER_US);
}

/** Which boot of the machine this is; empty where the system does not say (macOS). */
function bootId(): string {
  try {
    return readFileSync(BOOT_ID_FILE, 'utf8').slice(0, ENOUGH_OF_IT);
  } catch {
    return '';
  }
}
