import type { EventEntry, PartitionEvents } from '../model';

/** What is known of the whole log of one partition. */
export type PartitionLogState = 'reading' | 'known' | 'unknown';

/** All events of the partition that is looked at, read when it is chosen; what happens from then on comes with the state. */
export class PartitionLog {
  private partition = '';
  private known: PartitionEvents | undefined;
  private failed = false;

  /** @param changed is called when the log was read, or could not be */
  constructor(
    private readonly read: (partition: string) => Promise<PartitionEvents>,
    private readonly changed: () => void,
  ) {}

  /** @param partition `APP_ID.INDEX`; anything else: none is looked at */
  choose(partition: string): void {
    if (partition === this.partition) return;
    this.partition = partition;
    this.again();
  }

  /** Something may have been missed since it was read. */
  again(): void {
    const { partition } = this;
    this.known = undefined;
    this.failed = false;
    if (!isPartition(partition)) return;
    this.read(partition).then(
      (told) => this.took(partition, told),
      () => this.took(partition, undefined),
    );
  }

  /** Null: none is looked at. */
  get state(): PartitionLogState | null {
    if (!isPartition(this.partition)) return null;
    if (this.failed) return 'unknown';
    return this.known === undefined ? 'reading' : 'known';
  }

  get cut(): boolean {
    return this.known?.cut === true;
  }

  /** The log of the partition, and those of the last events that it does not have, by time. */
  with(last: readonly EventEntry[]): readonly EventEntry[] {
    if (this.known === undefined) return last;
    const shown = new Map(last.map((event) => [event.id, event]));
    const log = this.known.events.map((event) => {
      const before = shown.get(event.id);
      shown.delete(event.id);
      // What is shown already is not drawn anew for nothing.
      return before?.cause === event.cause ? before : event;
    });
    return [...log, ...shown.values()].sort((a, b) => a.unixMs - b.unixMs);
  }

  private took(partition: string, told: PartitionEvents | undefined): void {
    if (partition !== this.partition) return;
    this.known = told;
    this.failed = told === undefined;
    this.changed();
  }
}

function isPartition(text: string): boolean {
  return /^\d+\.\d+$/.test(text);
}
