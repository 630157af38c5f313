import type { EventEntry } from '../model';
import { element } from './element';
import { aroundPartition, moodOf } from './event-filter';
import type { Row } from './keyed-rows';
import type { PageContext } from './page-context';
import { clockText } from './quantity-text';

/** How a row finds the event that led to its own. */
export interface CauseFinder {
  get(id: string): EventEntry | undefined;
  /** Shows it. */
  goTo(id: string): void;
}

/** One event; what led to it is in the row as well, and shown where a partition is explained (page.css). */
export class EventRow implements Row<EventEntry> {
  readonly element = element('tr', { class: 'event' });

  constructor(
    private readonly context: PageContext,
    private readonly causes: CauseFinder,
  ) {}

  /** Events never change: this is called once. */
  update(event: EventEntry): void {
    const { unixMs, server, type, text, partition, cause } = event;
    const at = new Date(unixMs).toISOString();
    const about = element('td', { class: 'text' }, element('span', { class: 'type' }, type));
    const [before, after] = aroundPartition(text, partition);
    about.append(before);
    if (partition !== null) about.append(this.partitionButton(partition), after);
    if (cause !== null) about.append(this.because(cause));
    this.element.dataset['mood'] = moodOf(type);
    this.element.replaceChildren(
      element('td', { class: 'time' }, element('time', { datetime: at, title: at }, clockText(unixMs))),
      element('td', { class: 'mono' }, server),
      about,
    );
  }

  private partitionButton(partition: string): HTMLElement {
    const about = {
      type: 'button',
      tabindex: -1,
      class: 'partition',
      'aria-label': `Explain partition ${partition}`,
    };
    const button = element('button', about, partition);
    button.addEventListener('click', () => this.context.explain(partition));
    return button;
  }

  private because(id: string): HTMLElement {
    const cause = this.causes.get(id);
    if (cause === undefined) {
      return element(
        'div',
        { class: 'because' },
        `because of an event that is not shown here any more (${id})`,
      );
    }
    const words = `because of ${cause.server}: ${cause.text}`;
    const button = element('button', { type: 'button', tabindex: -1, class: 'plain' }, words);
    button.addEventListener('click', () => this.causes.goTo(cause.id));
    return element('div', { class: 'because' }, button);
  }
}
