import type { ClusterEvent, InstanceName, StartOutcome } from '@onebox/cluster';
import { metaServersOf } from '@onebox/cluster';
import type { Output } from './cli-context';
import { shellQuoted } from './shell-quoted';

/** What a start says while it waits, and at its end. On a terminal, counts are updated in place. */
export class StartReport {
  /** The leader, as soon as there is one. */
  leader: string | undefined;
  private readonly begin = performance.now();
  private counting = '';

  constructor(private readonly output: Output) {}

  event(event: ClusterEvent): void {
    switch (event.kind) {
      case 'notice':
        return this.line(event.line);
      case 'config-warning':
        return this.line(`warning: ${event.message}`);
      case 'zookeeper-ready':
        return this.line(`ZooKeeper serves at ${event.hosts}`);
      case 'leader-elected':
        this.leader = event.leader;
        return this.line(`${event.leader} leads the meta servers`);
      case 'nodes-alive':
        return this.count('replica servers alive', event.alive, event.expected);
      case 'tables-healthy':
        return this.count('tables healthy', event.healthy, event.total);
      case 'instance-ready':
        return this.line(`${event.instance} answers`);
      case 'undoing':
        return this.line(`${event.why}: stopping what was started`);
      case 'instance-started':
      case 'instance-ended':
        return undefined;
    }
  }

  /** The end of a start that went well: what there is now, and what to do with it. */
  done(
    { record, started }: StartOutcome,
    how: {
      readonly waited: boolean;
      readonly instance: InstanceName | undefined;
      readonly directory: string;
    },
  ): void {
    const what = how.instance ?? `Cluster '${record.name}'`;
    const seconds = ((performance.now() - this.begin) / 1000).toFixed(1);
    if (started.length === 0) this.line(`${what} is already running; nothing was changed.`);
    else if (!how.waited) this.line(`Started ${started.join(', ')}.`);
    else this.line(`${what} is ${how.instance === undefined ? 'healthy' : 'up'} after ${seconds} s.`);
    if (how.instance !== undefined) return;
    const metas = metaServersOf(record);
    this.line(
      [
        '',
        `  meta servers     ${metas.join(',')}`,
        `  try              curl -L http://${this.leader ?? metas[0] ?? ''}/meta/cluster`,
        `  state directory  ${how.directory}`,
        ...(record.name === 'onebox' ? [] : [`  other commands   onebox status --name ${record.name}`]),
      ].join('\n'),
    );
  }

  /** The end of a start whose cluster is for one command. */
  ready(name: string, words: readonly string[]): void {
    const seconds = ((performance.now() - this.begin) / 1000).toFixed(1);
    this.line(`Cluster '${name}' is healthy after ${seconds} s: running ${words.map(shellQuoted).join(' ')}`);
  }

  private count(what: string, count: number, of: number): void {
    const text = `${what}: ${count} of ${of}`;
    if (this.output.isTTY !== true || count === of) return this.line(text);
    this.output.write(`${this.eraser()}${text}`);
    this.counting = text;
  }

  private line(text: string): void {
    this.output.write(`${this.eraser()}${text}\n`);
    this.counting = '';
  }

  /** Goes back to the beginning of a line that is updated in place. */
  private eraser(): string {
    return this.counting === '' ? '' : '\r\u001b[2K';
  }
}
