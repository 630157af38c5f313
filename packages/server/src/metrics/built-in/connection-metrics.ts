import type { Gauge } from '../metric-handles';
import type { MetricRegistry } from '../metric-registry';

interface Remote {
  sessions: number;
  readonly gauge: Gauge;
}

/**
 * The `connection` entities of a process: one per `ip:port` it has dialled. When the last connection to it has ended, the
 * entity is reported as retired ones are, at 0.
 */
export class ConnectionMetrics {
  private readonly remotes = new Map<string, Remote>();

  constructor(private readonly registry: MetricRegistry) {}

  /** A connection is being made; what comes back is called when it has ended. */
  dialled(remote: string): () => void {
    const id = `connection@${remote}`;
    const entity = this.registry.entity('connection', id, { remote_addr: remote });
    const known = this.remotes.get(remote) ?? { sessions: 0, gauge: entity.gauge('network_client_sessions') };
    this.remotes.set(remote, known);
    known.sessions += 1;
    known.gauge.set(known.sessions);
    return () => {
      known.sessions -= 1;
      known.gauge.set(known.sessions);
      if (known.sessions > 0) return;
      this.remotes.delete(remote);
      entity.release();
    };
  }
}
