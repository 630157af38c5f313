// Tells events again, in a process that does nothing else. Bundled by events.mjs when it is needed.
import { FileEventLog } from '../../packages/server/src/event-log';
import type { LoggedEvent } from '../../packages/server/src/event-log';

const MICROSECONDS = 1000;

/** @returns processor time, ms, that the events of these lines take, one told after the other; the median of so many times */
export function tellAgain(lines: readonly string[], directory: string, times: number): number {
  const warn = (message: string): never => {
    throw new Error(message);
  };
  const log = { debug: () => undefined, info: () => undefined, warn, error: warn };
  const events = lines.map((line) => JSON.parse(line) as LoggedEvent);
  const told = events.map(
    ({ id: _id, unixMs: _unix, monotonicUs: _us, boot: _boot, server: _server, ...facts }) => facts,
  );
  const took: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const eventLog = new FileEventLog({ directory, server: 'meta1', log });
    const before = process.cpuUsage();
    for (const { type, cause, ...facts } of told) eventLog.tell(type, facts, cause);
    const { user, system } = process.cpuUsage(before);
    took.push((user + system) / MICROSECONDS);
    eventLog.close();
  }
  return took.sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
}
