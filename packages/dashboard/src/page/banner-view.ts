import type { ClusterEntry, DashboardState, EventEntry } from '../model';
import { byId, setAttribute, setText } from './element';
import type { Link } from './connection';
import { linkWords } from './link-words';
import type { View } from './page-context';
import { endReason } from './server-words';

/** Between two announcements to a screen reader: what comes and goes within it is not told. */
const ANNOUNCE_EVERY_MS = 2000;

/** The health of the cluster and its reason, as long as this page hears of it; and that it does not, with what was known last. */
export class BannerView implements View {
  private readonly banner = byId('banner');
  private announced = '';
  private toAnnounce = '';
  private timer: number | undefined;
  private cluster: ClusterEntry | undefined;
  private link: Link = 'connecting';
  private heardAt = 0;

  constructor(retryNow: () => void) {
    byId('retry').addEventListener('click', retryNow);
  }

  show({ cluster, servers, events }: DashboardState, before: DashboardState | undefined): void {
    if (cluster === before?.cluster && servers === before.servers && events === before.events) return;
    this.cluster = { ...cluster, reason: withEnds(cluster.reason, servers, events) };
    setText(byId('cluster-name'), cluster.name);
    this.draw();
  }

  /** @param heardAt Unix milliseconds of the last sign of life; 0: there was none */
  showLink(link: Link, heardAt: number): void {
    this.link = link;
    this.heardAt = heardAt;
    setAttribute(byId('link'), 'data-link', link);
    setAttribute(document.body, 'data-link', link);
    this.draw();
  }

  private draw(): void {
    const { cluster, link } = this;
    const { word, unknown, notice } = linkWords(link, this.heardAt, cluster);
    setText(byId('link-word'), word);
    byId('lost').hidden = notice === null;
    setText(byId('lost-text'), notice ?? '');
    byId('retry').hidden = link === 'refused';
    if (cluster === undefined) return;
    const health = healthWord(cluster);
    setText(byId('health'), unknown === null ? health : 'Unknown');
    setText(byId('reason'), unknown === null ? cluster.reason : `${unknown.reason}: ${cluster.reason}`);
    const mood = unknown !== null ? 'unknown' : cluster.healthy ? 'good' : 'bad';
    setAttribute(this.banner, 'data-health', mood);
    const mark = { unknown: '○', good: '●', bad: '▲' }[mood];
    document.title = `${mark} ${cluster.name}: ${unknown?.title ?? health.toLowerCase()}`;
    if (unknown === null)
      this.announce(`Cluster ${cluster.name} is ${health.toLowerCase()}: ${cluster.reason}`);
  }

  private announce(text: string): void {
    this.toAnnounce = text;
    if (this.timer !== undefined || text === this.announced) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.toAnnounce === this.announced) return;
      this.announced = this.toAnnounce;
      setText(byId('announcer'), this.toAnnounce);
    }, ANNOUNCE_EVERY_MS);
  }
}

/** `meta1 does not run`: and why, where its log knows it. */
function withEnds(reason: string, servers: DashboardState['servers'], events: readonly EventEntry[]): string {
  return reason.replaceAll(/(\S+) does not run/g, (words, name: string) => {
    const server = servers[name];
    const why = server === undefined ? null : endReason(server, events);
    return why === null ? words : `${words} (${why})`;
  });
}

/** `Healthy`, `Unhealthy`, `Stopped`. */
function healthWord({ healthy, state }: ClusterEntry): string {
  if (state === 'stopped') return 'Stopped';
  return healthy ? 'Healthy' : 'Unhealthy';
}
