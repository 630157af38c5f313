import { BEAT_EVERY_MS } from '../../src/model';
import { Connection } from '../../src/page/connection';
import { linkWords } from '../../src/page/link-words';
import { timeText } from '../../src/page/quantity-text';
import { sampleState } from '../sample-state';

/** What a browser has, as far as a connection uses it. */
class FakeSource extends EventTarget {
  static readonly made: FakeSource[] = [];
  onerror: (() => void) | null = null;
  open = true;

  constructor(readonly url: string) {
    super();
    FakeSource.made.push(this);
  }

  close(): void {
    this.open = false;
  }

  tell(name: 'state' | 'patch' | 'beat', data: unknown): void {
    if (this.open) this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

const { EventSource: browsers, fetch: nodes } = globalThis;
let status = 0;

beforeEach(() => {
  jest.useFakeTimers();
  FakeSource.made.length = 0;
  status = 0;
  Object.assign(globalThis, {
    EventSource: FakeSource,
    fetch: () => (status === 0 ? Promise.reject(new Error('nobody there')) : Promise.resolve({ status })),
  });
});

afterEach(() => {
  jest.useRealTimers();
  Object.assign(globalThis, { EventSource: browsers, fetch: nodes });
});

function scene() {
  const links: string[] = [];
  const reasons: string[] = [];
  const connection = new Connection('state', {
    state: ({ cluster }) => reasons.push(cluster.reason),
    link: (link) => links.push(link),
  });
  connection.show(true);
  return { connection, links, reasons, source: () => FakeSource.made.at(-1) as FakeSource };
}

test('beats keep a connection alive; one that says nothing is silent, and goes on by itself', () => {
  const { links, source, reasons } = scene();
  source().tell('state', sampleState());
  for (let beat = 0; beat < 5; beat += 1) {
    jest.advanceTimersByTime(BEAT_EVERY_MS);
    source().tell('beat', { at: Date.now() });
  }
  expect(links).toEqual(['connecting', 'live']);
  jest.advanceTimersByTime(5000);
  expect(links).toEqual(['connecting', 'live', 'silent']);
  source().tell('patch', { cluster: { reason: 'what it was about to tell' } });
  expect(links).toEqual(['connecting', 'live', 'silent', 'live']);
  expect(reasons.at(-1)).toBe('what it was about to tell');
  expect(FakeSource.made).toHaveLength(1);
});

test('a server that takes the connection and never answers is silent, too', () => {
  const { links, connection } = scene();
  jest.advanceTimersByTime(5000);
  expect(links).toEqual(['connecting', 'silent']);
  connection.now();
  expect([links.at(-1), FakeSource.made.length]).toEqual(['connecting', 2]);
});

test('a page that nobody sees has no connection; seen again it begins with the whole state', () => {
  const { links, connection, source, reasons } = scene();
  source().tell('state', sampleState());
  connection.show(false);
  expect(FakeSource.made.map(({ open }) => open)).toEqual([false]);
  jest.advanceTimersByTime(60_000);
  expect(links).toEqual(['connecting', 'live', 'paused']);
  connection.show(true);
  source().tell('state', { ...sampleState(), cluster: { ...sampleState().cluster, reason: 'missed' } });
  expect(links).toEqual(['connecting', 'live', 'paused', 'connecting', 'live']);
  expect(reasons.at(-1)).toBe('missed');
});

test('a connection that is lost is said to be at once, and tried again; a token that is wrong is not', async () => {
  const { links, source } = scene();
  source().tell('state', sampleState());
  source().onerror?.();
  expect(links.at(-1)).toBe('lost');
  await jest.advanceTimersByTimeAsync(250);
  expect([links.at(-1), FakeSource.made.length]).toEqual(['lost', 2]);
  status = 403;
  source().onerror?.();
  await jest.advanceTimersByTimeAsync(60_000);
  expect([links.at(-1), FakeSource.made.length]).toEqual(['refused', 2]);
});

test('the clock of the dashboard is known by its beats, and a late beat does not set it back', () => {
  const { connection, source } = scene();
  expect(connection.serverTime()).toBeUndefined();
  source().tell('beat', { at: Date.now() + 500 });
  source().tell('beat', { at: Date.now() - 60_000 });
  expect(connection.serverTime()).toBe(Date.now() + 500);
});

describe('what the page says of its connection', () => {
  const at = 1_790_000_000_000;
  const { cluster } = sampleState();

  test('only a live one tells how the cluster is now', () => {
    const unknown = (['connecting', 'paused', 'silent', 'lost', 'refused'] as const).map((link) => {
      return linkWords(link, at, { ...cluster, healthy: true }).unknown?.reason;
    });
    const known = `last known: healthy at ${timeText(at)}`;
    expect(unknown).toEqual([
      `connecting; ${known}`,
      `paused while hidden; ${known}`,
      `no connection; ${known}`,
      `no connection; ${known}`,
      `no connection; ${known}`,
    ]);
    expect(linkWords('live', at, cluster)).toEqual({ word: 'Live', unknown: null, notice: null });
  });

  test('and what to do, with the name of the cluster', () => {
    const named = { ...cluster, name: 'two' };
    expect(linkWords('silent', at, named).word).toBe(`No news since ${timeText(at)}`);
    expect(linkWords('lost', at, named).notice).toContain(
      'run `onebox dashboard --name two` and open what it prints',
    );
    expect(linkWords('refused', at, cluster).notice).toContain('`onebox dashboard` prints the new one');
  });
});
