import type { MetricEntity } from './metric-entity';
import type { MetricLayout } from './metric-layout';
import { wantsEntity } from './metrics-query';
import type { MetricsQuery } from './metrics-query';
import { documentHead, documentTail, entityHead, planMetrics } from './metrics-text';
import type { Envelope, MetricsPlan } from './metrics-text';
import { MOST_BYTES_OF_A_CHARACTER, MOST_BYTES_OF_A_NUMBER, TextPiece } from './text-piece';

interface ShownEntity {
  readonly head: string;
  readonly plan: MetricsPlan;
}

/**
 * The values a scrape shows, taken once: an answer must know its length before its first byte, and numbers change while it
 * is on its way. A value takes 8 bytes here and some 80 as text, so the text is only made when it can be sent.
 */
export class MetricsSnapshot {
  private readonly plans = new Map<MetricLayout, MetricsPlan | undefined>();
  private readonly entities: ShownEntity[] = [];
  private values = new Float64Array(0);
  private valueCount = 0;
  private readonly beyondDoubles = new Map<number, bigint>();
  private documentHead = '';
  private bytes = 0;

  constructor(private readonly query: MetricsQuery) {}

  /** Bytes of the whole answer, exactly. */
  get length(): number {
    return this.bytes + documentTail(this.entities.length > 0).length;
  }

  /** How many values the query wants of these entities. */
  count(entities: Iterable<MetricEntity>): number {
    let count = 0;
    for (const entity of entities) {
      if (wantsEntity(this.query, entity)) count += this.planFor(entity.layout)?.values.length ?? 0;
    }
    return count;
  }

  /**
   * Says who answers, and when: to be called first, when values are about to be taken.
   * @param valueCount how many there will be, about
   */
  begin(envelope: Envelope, valueCount: number): void {
    this.values = new Float64Array(valueCount);
    this.documentHead = documentHead(envelope);
    this.bytes = Buffer.byteLength(this.documentHead);
  }

  /** Takes what the query wants of an entity. One without a wanted metric is not shown. */
  take(entity: MetricEntity): void {
    if (!wantsEntity(this.query, entity)) return;
    const plan = this.planFor(entity.layout);
    if (plan === undefined) return;
    const head = entityHead(entity.type, entity.id, entity.attributes, this.entities.length === 0);
    this.entities.push({ head, plan });
    this.bytes += Buffer.byteLength(head) + plan.textLength;
    this.reserve(plan.values.length);
    for (const { metric, place } of plan.values) this.push(entity.observe(metric, place));
    for (const metric of plan.unshown) entity.observe(metric);
  }

  /** The answer, in pieces of about `pieceLength` bytes; one is longer where a single entity is. */
  *pieces(pieceLength: number): Generator<Buffer, void> {
    yield Buffer.from(this.documentHead);
    let piece = new TextPiece(pieceLength);
    let at = 0;
    for (const { head, plan } of this.entities) {
      const { texts, textLength, values } = plan;
      const most =
        head.length * MOST_BYTES_OF_A_CHARACTER + textLength + values.length * MOST_BYTES_OF_A_NUMBER;
      if (most > piece.room) {
        yield piece.taken();
        piece = new TextPiece(Math.max(pieceLength, most));
      }
      piece.addText(head);
      for (let index = 0; index < values.length; index += 1) {
        piece.add(texts[index] as Buffer);
        const value = this.values[at] as number;
        if (Number.isNaN(value)) piece.addText(String(this.beyondDoubles.get(at)));
        else piece.addNumber(value);
        at += 1;
      }
      piece.add(texts[values.length] as Buffer);
    }
    yield piece.taken();
    yield Buffer.from(documentTail(this.entities.length > 0));
  }

  private planFor(layout: MetricLayout): MetricsPlan | undefined {
    if (!this.plans.has(layout)) this.plans.set(layout, planMetrics(layout, this.query));
    return this.plans.get(layout);
  }

  private push(value: number | bigint): void {
    if (typeof value === 'number') this.values[this.valueCount] = value;
    else {
      // No metric is NaN: it marks those that are kept elsewhere.
      this.values[this.valueCount] = NaN;
      this.beyondDoubles.set(this.valueCount, value);
    }
    this.bytes += String(value).length;
    this.valueCount += 1;
  }

  private reserve(more: number): void {
    if (this.valueCount + more <= this.values.length) return;
    const grown = new Float64Array(Math.max(this.valueCount + more, this.values.length * 2));
    grown.set(this.values);
    this.values = grown;
  }
}
