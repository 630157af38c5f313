export * from './logged-event';
export { EventLines, machineTimes } from './event-lines';
export type { EventTimes } from './event-lines';
export { EVENT_FILE, EventFile, LARGEST_EVENT_FILE, OLD_EVENT_FILES, oldEventFile } from './event-file';
export { FileEventLog } from './file-event-log';
export type { FileEventLogOptions } from './file-event-log';
export { MemoryEventLog } from './memory-event-log';
