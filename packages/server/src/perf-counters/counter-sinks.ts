import { hostname } from 'node:os';
import { describeError, nodeAddress } from '@onebox/base';
import type { Logger, Node } from '@onebox/base';
import type { CounterSink, PerfCounterSettings } from '../config/perf-counter-settings';
import type { Role } from '../process/role';
import type { ProfileVariants } from '../profile/profile';
import { mangleIn20, mangleSince24 } from './exposition/exposed-name';
import { startExposer } from './exposition/exposer';
import { Exposition } from './exposition/exposition';
import { falconBody, pushToFalcon } from './falcon-push';
import type { PerfCounters } from './perf-counters';

export interface CounterSinkOptions {
  readonly settings: PerfCounterSettings;
  readonly release: ProfileVariants['perfCounters'];
  readonly counters: PerfCounters;
  readonly clusterName: string;
  readonly role: Role;
  readonly self: Node;
  /** The resolved address the server listens on. */
  readonly bind: string;
  readonly advertisedHost: string;
  readonly log: Logger;
}

/** A sink while it takes snapshots. */
export interface OpenSink {
  /** Idempotent. */
  close(): Promise<void>;
}

/**
 * Puts every snapshot where the configuration says: shown to Prometheus, pushed to a Falcon agent, or nowhere, which is the default.
 *
 * @throws OneboxError ONEBOX_PORT_IN_USE, ONEBOX_CANNOT_LISTEN
 */
export async function openCounterSink(options: CounterSinkOptions): Promise<OpenSink> {
  const { settings, release, log } = options;
  const sink = sinkInForce(settings, release);
  switch (sink.kind) {
    case 'none':
      if (sink.why !== undefined) {
        log.warn(`[pegasus.server] perf_counter_sink = ${settings.sinkWord} has no effect: ${sink.why}`);
      }
      return { close: () => Promise.resolve() };
    case 'prometheus':
      return openPrometheus(options, sink.port);
    case 'falcon':
      return openFalcon(options, sink);
  }
}

/**
 * What the configuration asks for, as far as a release does it: master has nothing to put anywhere, and up to 2.4 the word is
 * compared case-sensitively (reference/metrics.md 4.12). `why`: what makes the configured word useless.
 */
export function sinkInForce(
  { sink, sinkWord }: PerfCounterSettings,
  release: ProfileVariants['perfCounters'],
): CounterSink | { readonly kind: 'none'; readonly why: string | undefined } {
  if (sink === undefined) return { kind: 'none', why: undefined };
  if (release === 'none') return { kind: 'none', why: 'this version has no perf counters' };
  const known = release === '2.5' || sinkWord === sink.kind;
  return known ? sink : { kind: 'none', why: `this version knows only ${sink.kind}` };
}

async function openPrometheus(options: CounterSinkOptions, port: number): Promise<OpenSink> {
  const { release, counters, clusterName, role, self, bind, advertisedHost, log } = options;
  const labels = { cluster: clusterName, hostName: hostname(), role, port: nodeAddress(self).port };
  const exposition = new Exposition(release === '2.0' ? mangleIn20 : mangleSince24, labels, (counter) =>
    log.warn(`prometheus: ${counter} cannot be named and is left out; a real server of ${release} ends here`),
  );
  counters.onSnapshot((snapshot) => exposition.update(snapshot));
  const exposer = await startExposer({ bind, port, exposition, advertisedHost, log });
  log.info(`perf counters for prometheus: http://${bind}:${exposer.port}/metrics`);
  return exposer;
}

function openFalcon(options: CounterSinkOptions, sink: CounterSink & { kind: 'falcon' }): OpenSink {
  const { settings, counters, clusterName, role, self, log } = options;
  const { host, port } = nodeAddress(self);
  const step = settings.updateIntervalMs / 1000;
  const server = { endpoint: host, cluster: clusterName, role, port, step };
  const closing = new AbortController();
  let troubled = false;
  counters.onSnapshot((snapshot) => {
    const pushed = falconBody(snapshot, server).then((body) => pushToFalcon(sink, body, closing.signal));
    pushed.then(
      () => (troubled = false),
      (error: unknown) => {
        // One line for a silence, not one for each push.
        if (!troubled && !closing.signal.aborted) {
          log.warn(`falcon: ${sink.host}:${sink.port}${sink.path} gets no counters: ${describeError(error)}`);
        }
        troubled = true;
      },
    );
  });
  log.info(`perf counters are pushed to falcon at ${sink.host}:${sink.port}${sink.path}`);
  return {
    close: () => {
      closing.abort();
      return Promise.resolve();
    },
  };
}
