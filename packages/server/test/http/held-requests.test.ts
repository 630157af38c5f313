import { PassThrough } from 'node:stream';
import { StandingCut } from '../../src/faults/standing-cut';
import { HeldRequests } from '../../src/http/held-requests';

test('a connection that lives through many cuts keeps nothing of them', () => {
  const cut = new StandingCut();
  const held = new HeldRequests(cut);
  const socket = new PassThrough();
  const listeners = socket.listenerCount('close');
  const begun: number[] = [];
  for (let nth = 0; nth < 12; nth += 1) {
    cut.turn(true);
    held.pass(socket, () => begun.push(nth));
    held.pass(socket, () => begun.push(nth + 0.5));
    expect(socket.listenerCount('close')).toBe(listeners + 1);
    cut.turn(false);
    expect(socket.listenerCount('close')).toBe(listeners);
  }
  expect(begun).toEqual(Array.from({ length: 24 }, (_, i) => i / 2));
});
