import type { Socket } from 'node:net';

/** How many connections come from each address: `[network] conn_threshold_per_ip` (reference/http-api.md 1.3). */
export class ConnectionsPerAddress {
  private readonly counts = new Map<string, number>();

  /** @param most 0 is no limit. */
  constructor(private readonly most: number) {}

  /** Whether one more is allowed from where this socket comes from; it counts until it is closed. */
  admit(socket: Socket): boolean {
    const address = socket.remoteAddress;
    if (this.most === 0 || address === undefined) return true;
    const count = this.counts.get(address) ?? 0;
    if (count >= this.most) return false;
    this.counts.set(address, count + 1);
    socket.once('close', () => this.leave(address));
    return true;
  }

  private leave(address: string): void {
    const count = this.counts.get(address) ?? 0;
    if (count > 1) this.counts.set(address, count - 1);
    else this.counts.delete(address);
  }
}
