import type { Clock } from '@onebox/base';
import type { HttpHandler } from '../http/http-call';
import { badRequest, ok, okStreamed } from '../http/http-call';
import { PrettyJsonWriter } from '../http/pretty-json';
import type { StreamedBody } from '../http/streamed-body';
import type { MetricEntity } from './metric-entity';
import { QueryRefusal, readMetricsQuery } from './metrics-query';
import { MetricsSnapshot } from './metrics-snapshot';
import type { Envelope } from './metrics-text';
import { RenderTurns } from './render-turns';
import { ScrapeSlots } from './scrape-slots';
import { WallClock } from './wall-clock';

/** What `/metrics` tells of. */
export interface MetricsSource {
  readonly entities: () => Iterable<MetricEntity>;
  readonly clock: Clock;
  /** Asked at every scrape. */
  readonly cluster: () => string;
  readonly role: string;
  /** The machine's name. */
  readonly host: string;
  /** The RPC port of this server. */
  readonly port: number;
}

const GET_ONLY = "please use 'GET' method while querying for metrics";

/** Bytes per slice: less than a millisecond of work. */
const PIECE_LENGTH = 256 * 1024;

/** An answer with so few values is made at once; they are some 200 KB in detail. */
const FEW_VALUES = 2000;

/** Values are taken for at most this long at a time, in real milliseconds. */
const SLICE_MS = 3;

/**
 * `GET /metrics` (reference/metrics.md 2). Every server answers it itself. A big answer is made in slices while it is sent,
 * so that a thousand replicas hold up nothing else, and a client that does not read costs only the values.
 */
export function metricsHandler(source: MetricsSource): HttpHandler {
  const wallClock = new WallClock(() => source.clock.unixMs());
  const turns = new RenderTurns();
  const slots = new ScrapeSlots();
  const envelope = (): Envelope => {
    const { role, host, port } = source;
    return { cluster: source.cluster(), role, host, port, timestampNs: wallClock.next() };
  };
  return async ({ method, args, connectionIsClosed = () => false }) => {
    if (method === 'POST') return refusal(GET_ONLY);
    const query = readMetricsQuery(args);
    if (query instanceof QueryRefusal) return refusal(query.message);
    const snapshot = new MetricsSnapshot(query);
    const take = async (): Promise<void> => {
      snapshot.begin(envelope(), snapshot.count(source.entities()));
      await takeAll(snapshot, [...source.entities()], { turns, connectionIsClosed });
    };
    if (snapshot.count(source.entities()) <= FEW_VALUES) {
      await take();
      return ok(Buffer.concat([...snapshot.pieces(PIECE_LENGTH)]));
    }
    const giveBack = await slots.take();
    try {
      // When many clients go away at once, the first one's slot comes before the news of the others.
      await turns.next();
      await take();
      return okStreamed(new SlicedText(snapshot, turns, giveBack));
    } catch (error) {
      giveBack();
      throw error;
    }
  };
}

/** Stops early for a client that is gone: it gets nothing anyway. */
async function takeAll(
  snapshot: MetricsSnapshot,
  entities: readonly MetricEntity[],
  { turns, connectionIsClosed }: { readonly turns: RenderTurns; readonly connectionIsClosed: () => boolean },
): Promise<void> {
  let end = performance.now() + SLICE_MS;
  for (const entity of entities) {
    if (connectionIsClosed()) return;
    snapshot.take(entity);
    if (performance.now() < end) continue;
    await turns.next();
    end = performance.now() + SLICE_MS;
  }
}

/** A snapshot's text, made piece by piece as the client takes it. */
class SlicedText implements StreamedBody {
  readonly length: number;
  private readonly pieces: Iterator<Buffer>;

  constructor(
    snapshot: MetricsSnapshot,
    private readonly turns: RenderTurns,
    readonly close: () => void,
  ) {
    this.length = snapshot.length;
    this.pieces = snapshot.pieces(PIECE_LENGTH);
  }

  async next(): Promise<Buffer | undefined> {
    await this.turns.next();
    const piece = this.pieces.next();
    return piece.done === true ? undefined : piece.value;
  }
}

function refusal(message: string): ReturnType<typeof badRequest> {
  return badRequest(
    new PrettyJsonWriter().openObject().key('error_message').string(message).closeObject().take(),
  );
}
