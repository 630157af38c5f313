import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { until } from '@onebox/base';
import type { LookListener } from '../../src/feed/state-feed';
import type { Beat } from '../../src/model';
import { StateStreams } from '../../src/server/state-stream';
import { sampleState } from '../sample-state';

/** A client that reads as fast as the test says. */
class Client extends EventEmitter {
  readonly written: string[] = [];
  writableLength = 0;
  writeHead(): this {
    return this;
  }
  write(text: string): boolean {
    this.written.push(text);
    return true;
  }
  end(): void {
    this.emit('close');
  }
  /** What it was sent, in short. */
  heard(): readonly string[] {
    return this.written.map((text) => /^event: (\w+)/.exec(text)?.[1] ?? text);
  }
}

function scene(beatEveryMs?: number) {
  const listeners = new Set<LookListener>();
  const watch = (listener: LookListener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const streams = new StateStreams({ watch }, beatEveryMs);
  const serve = () => {
    const client = new Client();
    streams.serve(client as unknown as ServerResponse);
    return client;
  };
  const state = sampleState();
  const look = (isNew: boolean) => {
    for (const listener of listeners) listener(state, isNew ? { cluster: { leader: 'meta2' } } : undefined);
  };
  return { streams, serve, look, listeners };
}

test('a client that reads too slowly is not buffered for: when it has caught up it is told the whole state', () => {
  const { streams, serve, look } = scene();
  const client = serve();
  look(false);
  look(true);
  client.writableLength = 2 * 1024 * 1024;
  look(true);
  look(true);
  expect(client.heard()).toEqual(['state', 'patch']);
  client.writableLength = 5;
  look(true);
  expect(client.heard()).toEqual(['state', 'patch']);
  client.writableLength = 0;
  look(false);
  look(true);
  expect(client.heard()).toEqual(['state', 'patch', 'state', 'patch']);
  streams.close();
});

test('a client that goes away is not told any more', () => {
  const { serve, look, listeners } = scene();
  const client = serve();
  look(false);
  client.emit('close');
  look(true);
  expect(client.heard()).toEqual(['state']);
  expect(listeners.size).toBe(0);
});

test('while nothing is new a beat says that the server is there, and what time it is', async () => {
  const before = Date.now();
  const { streams, serve, look } = scene(2);
  const client = serve();
  look(false);
  await until('beats', () => client.written.length > 2, { withinMs: 5000, everyMs: 1 });
  expect(client.heard().slice(0, 3)).toEqual(['state', 'beat', 'beat']);
  const { at } = JSON.parse(/^event: beat\ndata: (.*)\n\n$/.exec(client.written[1] ?? '')?.[1] ?? '') as Beat;
  expect(at >= before && at <= Date.now()).toBe(true);
  streams.close();
});

test('there is an end to how many are served', () => {
  const { streams, serve } = scene();
  expect(streams.isFull).toBe(false);
  for (let i = 0; i < 100; i += 1) serve();
  expect(streams.isFull).toBe(true);
  streams.close();
  expect(streams.isFull).toBe(false);
});
