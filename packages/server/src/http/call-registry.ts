import type { ProfileVariants } from '../profile/profile';
import type { HttpCall } from './http-call';
import { compareBytes } from './sorted-json';
import { SingleColumnTable } from './table-json';

/** The calls of a server, found by normalised path. */
export class CallRegistry {
  private readonly calls = new Map<string, HttpCall>();
  private readonly services: ReadonlySet<string>;
  /** The body of `/`: path and help text of every listed call, in byte order (reference/http-api.md 3.1). */
  readonly listing: string;

  /** @throws RangeError when a path occurs twice. */
  constructor(
    calls: readonly HttpCall[],
    private readonly unknownPath: ProfileVariants['unknownPath'] = 'whole',
  ) {
    for (const call of calls) {
      const key = call.path.slice(1);
      if (this.calls.has(key)) throw new RangeError(`the call ${call.path} is registered twice`);
      this.calls.set(key, call);
    }
    this.services = new Set([...this.calls.keys()].map((key) => splitPath(key).service));
    const table = new SingleColumnTable();
    const listed = calls.filter((call) => call.listed).sort((a, b) => compareBytes(a.path, b.path));
    for (const call of listed) table.add(call.path, call.help);
    this.listing = table.toJson();
  }

  /** @param path normalised, without a leading slash; matched exactly, case counts. */
  find(path: string): HttpCall | undefined {
    return this.calls.get(path);
  }

  /**
   * The body of the 404 for a path that {@link find} does not know. G20 first looks for a service (the first
   * component), then for its method (the rest); later generations know whole paths only (1.5).
   */
  notFoundText(path: string): string {
    if (this.unknownPath === 'whole') return `service not found for "${path}"`;
    const { service, method } = splitPath(path);
    return this.services.has(service)
      ? `method not found for "${method}"`
      : `service not found for "${service}"`;
  }
}

function splitPath(path: string): { service: string; method: string } {
  const slash = path.indexOf('/');
  return slash < 0
    ? { service: path, method: '' }
    : { service: path.slice(0, slash), method: path.slice(slash + 1) };
}
