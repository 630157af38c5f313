import { valueText } from './text-format';

const QUANTILES = [0.5, 0.9, 0.99];

/** A latency counts for this long, real milliseconds. */
const LATENCY_AGE_MS = 60_000;

/** What an exposer tells about itself, in front of everything else (reference/metrics.md 4.12). */
export class ScrapeStatistics {
  private bytes = 0;
  private scrapes = 0;
  private totalMicros = 0;
  private recent: { readonly atMs: number; readonly micros: number }[] = [];

  /** @param nowMs real milliseconds, never going back */
  scraped(bytes: number, micros: number, nowMs: number): void {
    this.bytes += bytes;
    this.scrapes += 1;
    this.totalMicros += micros;
    this.forget(nowMs);
    this.recent.push({ atMs: nowMs, micros });
  }

  /** The families of the exposer as text. */
  render(nowMs: number): string {
    this.forget(nowMs);
    const latencies = this.recent.map(({ micros }) => micros).sort((a, b) => a - b);
    const quantile = (at: number): number => latencies[Math.floor(latencies.length * at)] ?? Number.NaN;
    const bytes = 'exposer_transferred_bytes_total';
    const scrapes = 'exposer_scrapes_total';
    const latency = 'exposer_request_latencies';
    return [
      ...head(bytes, 'counter', 'Bytes that were sent to whoever scraped'),
      `${bytes} ${valueText(this.bytes)}`,
      ...head(scrapes, 'counter', 'How often somebody scraped'),
      `${scrapes} ${valueText(this.scrapes)}`,
      ...head(latency, 'summary', 'Time it took to answer a scrape, microseconds'),
      `${latency}_count ${this.scrapes}`,
      `${latency}_sum ${valueText(this.totalMicros)}`,
      ...QUANTILES.map((at) => `${latency}{quantile="${valueText(at)}"} ${valueText(quantile(at))}`),
      '',
    ].join('\n');
  }

  private forget(nowMs: number): void {
    this.recent = this.recent.filter(({ atMs }) => nowMs - atMs < LATENCY_AGE_MS);
  }
}

function head(name: string, type: string, help: string): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}
