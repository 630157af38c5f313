import { rowsOf } from '../snapshot';
import type { Snapshot } from '../snapshot';
import { inSlices } from '../work-in-slices';
import type { Mangling } from './exposed-name';
import { labelText, valueText } from './text-format';

/** The labels of every series of a server. */
export interface ServerLabels {
  readonly cluster: string;
  /** Of the machine, as it calls itself. */
  readonly hostName: string;
  readonly role: string;
  readonly port: number;
}

/**
 * All series that a server has ever exposed: upstream removes none, so that a replica that moved away keeps its last value until
 * the process ends (reference/metrics.md 4.12).
 */
export class Exposition {
  /** By metric name, then by labels as text. */
  private readonly families = new Map<string, Map<string, number>>();
  private readonly unnameable = new Set<string>();
  private readonly serverLabels: string;
  private updated: Promise<void> = Promise.resolve();

  /** @param onUnnameable told once for each counter that has no name here; upstream's process ends over it */
  constructor(
    private readonly mangle: Mangling,
    { cluster, hostName, role, port }: ServerLabels,
    private readonly onUnnameable: (counter: string) => void,
  ) {
    this.serverLabels = [
      labelText('cluster', cluster),
      labelText('host_name', hostName),
      labelText('pegasus_job', role),
      labelText('port', String(port)),
      labelText('service', 'pegasus'),
    ].join(',');
  }

  /** Takes over the values of a snapshot. */
  update(snapshot: Snapshot): void {
    this.updated = inSlices(snapshot.parts, (part) => {
      for (const { name, value } of rowsOf(part)) this.set(name, value);
    }).ended;
  }

  /** The families in Prometheus' text format, in the order of their first appearance. */
  async render(): Promise<string> {
    await this.updated;
    const texts: string[] = [];
    await inSlices(this.families, ([metric, series]) => {
      let text = `# TYPE ${metric} gauge\n`;
      for (const [labels, value] of series) text += `${metric}{${labels}} ${valueText(value)}\n`;
      texts.push(text);
    }).ended;
    return texts.join('');
  }

  private set(counter: string, value: number): void {
    const name = this.mangle(counter);
    if (name === undefined) {
      if (!this.unnameable.has(counter)) this.onUnnameable(counter);
      this.unnameable.add(counter);
      return;
    }
    const family = this.families.get(name.metric) ?? new Map<string, number>();
    this.families.set(name.metric, family);
    const subject = `${labelText('app', name.app)},${labelText('partition', name.partition)}`;
    family.set(`${this.serverLabels},${subject}`, value);
  }
}
