import type { ClusterEntry, DashboardState } from '../model';
import { byId, element, setAttribute, setText } from './element';
import type { Link } from './connection';
import type { PageContext, View } from './page-context';
import { clockText, countText } from './quantity-text';

/** Between two announcements to a screen reader: what comes and goes within it is not told. */
const ANNOUNCE_EVERY_MS = 2000;

/** The health of the cluster and its reason; whether this page still hears of it. */
export class BannerView implements View {
  private readonly banner = byId('banner');
  private readonly link = byId('link');
  private announced = '';
  private toAnnounce = '';
  private timer: number | undefined;
  private cluster: ClusterEntry | undefined;
  private heardAt = 0;

  constructor(retryNow: () => void) {
    byId('retry').addEventListener('click', retryNow);
  }

  show({ cluster }: DashboardState): void {
    this.heardAt = Date.now();
    if (cluster === this.cluster) return;
    this.cluster = cluster;
    const word = healthWord(cluster);
    setText(byId('cluster-name'), cluster.name);
    setText(byId('health'), word);
    setText(byId('reason'), cluster.reason);
    setAttribute(this.banner, 'data-health', cluster.healthy ? 'good' : 'bad');
    document.title = `${cluster.healthy ? '●' : '▲'} ${cluster.name}: ${word.toLowerCase()}`;
    this.announce(`Cluster ${cluster.name} is ${word.toLowerCase()}: ${cluster.reason}`);
  }

  showLink(link: Link): void {
    setAttribute(this.link, 'data-link', link);
    setAttribute(document.body, 'data-link', link);
    setText(byId('link-word'), LINK_WORDS[link]);
    const lost = link === 'lost' || link === 'refused';
    const notice = byId('lost');
    notice.hidden = !lost;
    if (!lost) return;
    const since = this.heardAt === 0 ? '' : ` What you see is as it was at ${clockText(this.heardAt)}.`;
    const [what, next] = LOST_WORDS[link];
    setText(byId('lost-text'), `${what}${since} ${next}`);
    byId('retry').hidden = link === 'refused';
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

const LINK_WORDS: Readonly<Record<Link, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Not connected',
  refused: 'Refused',
};

const LOST_WORDS = {
  lost: [
    'The connection to the dashboard is lost.',
    'It is tried again all the time; if the cluster was stopped, start it and run `onebox dashboard`.',
  ],
  refused: ['This address is no longer valid.', 'Run `onebox dashboard` for the one that is.'],
} as const;

function healthWord({ healthy, state }: ClusterEntry): string {
  if (state === 'stopped') return 'Stopped';
  return healthy ? 'Healthy' : 'Unhealthy';
}

/** The facts about the cluster as a whole, with its function level to be set. */
export class FactsView implements View {
  private readonly level = byId('level') as HTMLSelectElement;

  constructor(private readonly context: PageContext) {
    byId('level-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const level = LEVELS.find((each) => each === this.level.value);
      if (level !== undefined) this.context.run({ verb: 'level', level });
    });
    this.level.append(...LEVELS.map((level) => element('option', { value: level }, level)));
  }

  show(state: DashboardState, before: DashboardState | undefined): void {
    const { cluster, tables } = state;
    if (cluster.functionLevel !== before?.cluster.functionLevel) {
      setText(byId('level-now'), cluster.functionLevel ?? 'unknown');
      if (cluster.functionLevel !== null) this.level.value = cluster.functionLevel;
    }
    setText(byId('leader'), cluster.leader ?? 'none');
    setText(byId('version'), cluster.pegasusVersion);
    setText(byId('time-scale'), `× ${cluster.timeScale}`);
    setText(byId('directory'), cluster.directory);
    if (tables === before?.tables) return;
    const all = Object.values(tables);
    const partitions = all.reduce((sum, { partitionCount }) => sum + partitionCount, 0);
    setText(byId('table-count'), `${countText(all.length, 'table')}, ${countText(partitions, 'partition')}`);
  }
}

const LEVELS = ['blind', 'freezed', 'steady', 'lively'] as const;
