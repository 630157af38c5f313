import { EVENTS_SHOWN } from '../model';
import type { DashboardState, EventEntry, PartitionEntry } from '../model';
import { CommandLine } from './command-line';
import { byId, element, setAttribute, setText } from './element';
import { ALL_EVENTS, eventsCommand, eventsNote, eventsShown } from './event-filter';
import type { EventFilter } from './event-filter';
import { EventFocus } from './event-focus';
import { EventRow } from './event-row';
import { partitionWords } from './grid-rows';
import { KeyedRows } from './keyed-rows';
import type { PageContext, View } from './page-context';
import { PartitionLog } from './partition-log';
import { nodeName } from './partition-row';

/** Nearer than this to its end, the log is read at its end. Pixels. */
const AT_END = 8;

/** The event log, filtered; of one partition, with what led to each event. */
export class EventsView implements View {
  private readonly rows: KeyedRows<EventEntry>;
  private readonly focus = new EventFocus(byId('events-rows'));
  private readonly scroller = byId('events-scroller');
  private readonly type = byId('event-type') as HTMLSelectElement;
  private readonly server = byId('event-server') as HTMLSelectElement;
  private readonly partition = byId('event-partition') as HTMLInputElement;
  private readonly follow = byId('follow') as HTMLInputElement;
  private readonly command = new CommandLine('onebox events -f');
  private filter: EventFilter = ALL_EVENTS;
  private state: DashboardState | undefined;
  private readonly log: PartitionLog;
  private events: ReadonlyMap<string, EventEntry> = new Map();

  constructor(private readonly context: PageContext) {
    const causes = { get: (id: string) => this.events.get(id), goTo: (id: string) => this.goTo(id) };
    this.rows = new KeyedRows(byId('events-rows'), () => new EventRow(context, causes));
    this.log = new PartitionLog(
      (partition) => context.partitionEvents(partition),
      () => this.draw(),
    );
    byId('events-command').append(this.command.element);
    for (const input of [this.type, this.server, this.partition])
      input.addEventListener('input', () => this.filtered());
    byId('all-events').addEventListener('click', () => this.setFilter(ALL_EVENTS));
    this.follow.addEventListener('change', () => this.toEnd());
    this.scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
  }

  show(state: DashboardState, before: DashboardState | undefined): void {
    this.state = state;
    if (state.events !== before?.events) {
      offer(this.type, 'every type', [...new Set(state.events.map(({ type }) => type))].sort());
      offer(this.server, 'every server', [...Object.keys(state.servers), 'onebox']);
      this.draw();
    } else if (state.tables !== before.tables) {
      this.describe();
    }
  }

  /** The connection is back: what was told meanwhile is not among what is known of a partition. */
  reconnected(): void {
    this.log.again();
  }

  /** Shows the events of a partition or a table, and leads the reader there. */
  explain(partition: string): void {
    this.setFilter({ ...ALL_EVENTS, partition });
    const heading = byId('events-heading');
    heading.focus({ preventScroll: true });
    const smooth = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    heading.scrollIntoView({ block: 'nearest', behavior: smooth ? 'smooth' : 'auto' });
  }

  private setFilter(filter: EventFilter): void {
    this.type.value = filter.type;
    this.server.value = filter.server;
    this.partition.value = filter.partition;
    this.filtered();
  }

  private filtered(): void {
    const { type, server, partition } = this;
    this.filter = { type: type.value, server: server.value, partition: partition.value.trim() };
    this.log.choose(this.filter.partition);
    this.draw();
  }

  private draw(): void {
    const all = this.log.with(this.state?.events ?? []);
    this.events = new Map(all.map((event) => [event.id, event]));
    const shown = eventsShown(all, this.filter);
    this.rows.show(shown.map((event) => [event.id, event]));
    byId('no-events').hidden = shown.length > 0 || this.log.state === 'reading';
    this.note();
    setAttribute(this.scroller, 'data-explaining', this.filter.partition !== '');
    this.describe();
    this.toEnd();
    this.focus.refresh();
  }

  /** What a partition is now, above the events that made it so; and the command that tells the same. */
  private describe(): void {
    const { type, server, partition } = this.filter;
    this.command.set(eventsCommand(this.filter, this.context.clusterName()));
    byId('all-events').hidden = type === '' && server === '' && partition === '';
    const [appId = '', index = ''] = partition.split('.');
    const table = this.state?.tables[appId];
    const entry = index === '' ? undefined : table?.partitions[Number(index)];
    const about = byId('partition-now');
    about.hidden = entry === undefined;
    if (this.state === undefined || table === undefined || entry === undefined) return;
    const words = partitionText(entry, table.replicaCount, this.state);
    setText(about, `Partition ${partition}, ${table.name}: ${words}.`);
  }

  /** What of the log is not here. */
  private note(): void {
    const { state, log } = this;
    const note = byId('events-note');
    const full = (state?.events.length ?? 0) >= EVENTS_SHOWN;
    const words = eventsNote(full, log, this.filter, this.context.clusterName());
    const stale = state?.eventsStale ?? null;
    const text = [words, stale === null ? null : `Nothing is added now: ${stale}.`].filter(
      (each) => each !== null,
    );
    note.hidden = text.length === 0;
    setText(note, text.join(' '));
  }

  private goTo(id: string): void {
    const row = this.rows.get(id)?.element;
    if (!(row instanceof HTMLElement)) return;
    this.follow.checked = false;
    row.scrollIntoView({ block: 'nearest' });
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
  }

  private toEnd(): void {
    if (this.follow.checked) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Who scrolls back wants to read; who comes to the end wants to follow. */
  private scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.follow.checked = scrollHeight - scrollTop - clientHeight < AT_END;
  }
}

function partitionText(partition: PartitionEntry, replicaCount: number, { nodes }: DashboardState): string {
  const [ballot, primary, secondaries, learners] = partition;
  const names = (indexes: readonly number[]) =>
    indexes
      .map((index) => nodes[index])
      .map((node) => (node === undefined ? '?' : nodeName(node)))
      .join(', ');
  const parts = [
    `ballot ${ballot}`,
    primary < 0 ? 'no primary' : `primary ${names([primary])}`,
    secondaries.length === 0 ? 'no secondary' : `secondaries ${names(secondaries)}`,
    ...(learners.length === 0 ? [] : [`learning ${names(learners)}`]),
  ];
  return `${parts.join(', ')}; ${partitionWords(partition, replicaCount)}`;
}

/** Fills a choice, and keeps what is chosen. */
function offer(select: HTMLSelectElement, all: string, values: readonly string[]): void {
  const wanted = ['', ...values];
  const now = [...select.options].map(({ value }) => value);
  if (now.length === wanted.length && wanted.every((value, i) => value === now[i])) return;
  const { value: chosen } = select;
  select.replaceChildren(...wanted.map((value) => element('option', { value }, value === '' ? all : value)));
  select.value = wanted.includes(chosen) ? chosen : '';
}
