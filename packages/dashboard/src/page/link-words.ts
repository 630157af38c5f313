import type { ClusterEntry } from '../model';
import type { Link } from './connection';
import { timeText } from './quantity-text';

/** What the page says of its connection. */
export interface LinkWords {
  /** In the corner. */
  readonly word: string;
  /** Why nothing is known of the cluster now, and what was known last; null while it is known. */
  readonly unknown: { readonly title: string; readonly reason: string } | null;
  /** What has happened, and what to do; null: nothing. */
  readonly notice: string | null;
}

/**
 * @param heardAt Unix milliseconds of the last sign of life; 0: there was none
 * @param cluster as it was shown last
 */
export function linkWords(link: Link, heardAt: number, cluster: ClusterEntry | undefined): LinkWords {
  const at = timeText(heardAt);
  const seen = heardAt === 0 ? '' : ` What you see is as it was at ${at}.`;
  const unknown = (title: string) => ({
    title,
    reason: `${title}; last known: ${lastKnown(cluster)} at ${at}`,
  });
  const command = dashboardCommand(cluster?.name);
  switch (link) {
    case 'live':
      return { word: 'Live', unknown: null, notice: null };
    case 'connecting':
      return { word: 'Connecting', unknown: unknown('connecting'), notice: null };
    case 'paused':
      return { word: 'Paused while hidden', unknown: unknown('paused while hidden'), notice: null };
    case 'silent':
      return {
        word: heardAt === 0 ? 'No answer' : `No news since ${at}`,
        unknown: unknown('no connection'),
        notice:
          `The dashboard says nothing${heardAt === 0 ? '' : ` since ${at}`}, although it is connected: its process stands still, or has ` +
          `too much to do.${seen} The page goes on by itself when the dashboard does.`,
      };
    case 'lost':
      return {
        word: 'Not connected',
        unknown: unknown('no connection'),
        notice:
          `The connection to the dashboard is lost.${seen} It is tried again all the time. If the cluster was stopped: start it, run ` +
          `\`${command}\` and open what it prints, because each start has an address of its own.`,
      };
    case 'refused':
      return {
        word: 'Refused',
        unknown: unknown('no connection'),
        notice: `This address is no longer valid: \`${command}\` prints the new one.${seen}`,
      };
  }
}

function lastKnown(cluster: ClusterEntry | undefined): string {
  if (cluster === undefined) return 'nothing';
  if (cluster.state === 'stopped') return 'stopped';
  return cluster.healthy ? 'healthy' : 'unhealthy';
}

function dashboardCommand(cluster = 'onebox'): string {
  return `onebox dashboard${cluster === 'onebox' ? '' : ` --name ${cluster}`}`;
}
