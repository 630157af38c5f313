import type { DashboardState } from '../model';
import { timeText } from './quantity-text';

/** Who told last what tables there are, and until when: without a leader that answers, nobody knows what has become of them. */
export class TablesAge {
  private leader: string | null = null;
  private until: number | null = null;

  /** @returns what is to be said of the tables; null while they are news */
  of({ cluster, servers }: Pick<DashboardState, 'cluster' | 'servers'>): string | null {
    const { leader, at } = cluster;
    if (leader !== null && servers[leader]?.answering !== false) {
      this.leader = leader;
      this.until = null;
      return null;
    }
    this.until ??= at;
    const why = leader === null ? 'No meta server leads' : `${leader} leads, but does not answer`;
    if (this.leader === null) return `${why}: of the tables nothing is known since this page was opened.`;
    return `${why}. Tables are shown as ${this.leader} last told, at ${timeText(this.until)}.`;
  }
}
