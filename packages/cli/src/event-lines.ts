import { formatMilliseconds } from '@onebox/base';
import type { Node } from '@onebox/base';
import { eventText, serversOf } from '@onebox/cluster';
import type { ClusterRecord, EventWords, ExplainedEvent, LoggedEvent } from '@onebox/cluster';

/** Events of a cluster as lines for people: when, who tells it, what. */
export class EventLines {
  private readonly words: Pick<EventWords, 'nameOf' | 'timeScale'>;
  private readonly width: number;

  constructor(record: ClusterRecord) {
    const servers = serversOf(record);
    const names = new Map<Node, string>(servers.map(({ node, name }) => [node, name]));
    this.words = { nameOf: (node) => names.get(node) ?? node, timeScale: record.timeScale };
    this.width = Math.max(...servers.map(({ name }) => name.length), 'onebox'.length);
  }

  line(event: LoggedEvent): string {
    const { unixMs, server } = event;
    return `${formatMilliseconds(unixMs)}  ${server.padEnd(this.width)}  ${eventText(event, this.words)}\n`;
  }

  /** Below an event what led to it, each with its own time. */
  explained({ event, causes }: ExplainedEvent): string {
    return this.line(event) + causes.map((cause) => this.because(cause)).join('');
  }

  private because(cause: LoggedEvent): string {
    const [, time = ''] = formatMilliseconds(cause.unixMs).split(' ');
    return `    <- ${time}  ${eventText(cause, { ...this.words, brief: true })}\n`;
  }
}
