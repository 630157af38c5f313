import { ok } from '../http/http-call';
import type { HttpHandler } from '../http/http-call';
import { Double } from '../http/double';
import { SingleColumnTable } from '../http/table-json';
import type { PerfCounters } from './perf-counters';

/**
 * `GET /perfCounter?name=<full name>`: one counter, read live. A name that is missing or unknown is no error
 * (reference/metrics.md 4.1, http-api.md 3.8).
 */
export function perfCounterCall(counters: Pick<PerfCounters, 'read'>): HttpHandler {
  return ({ args }) => {
    const found = counters.read(args.get('name') ?? '');
    const table = new SingleColumnTable();
    if (found === undefined) return ok(table.toJson());
    table.add('name', found.name);
    if (found.p999 === undefined) table.add('value', new Double(found.value));
    else table.add('p99', new Double(found.value)).add('p999', new Double(found.p999));
    return ok(table.add('type', found.type).add('description', found.description).toJson());
  };
}
