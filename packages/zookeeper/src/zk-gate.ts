import type { Socket } from 'node:net';

/** A place in the way to ZooKeeper that can be cut on purpose. */
export interface ZkGate {
  readonly isCut: boolean;
  /** Called after each change. Gives back the way to stop it. */
  onChange(listener: () => void): () => void;
}

/** For sessions nobody wants to cut. */
export const OPEN_GATE: ZkGate = { isCut: false, onChange: () => () => undefined };

/**
 * Lets a socket's bytes stand still in both directions while the gate is cut, as on a network that loses everything: what is written
 * waits and goes out afterwards, and nothing that has come is read. Both sides believe that the connection stands.
 *
 * @returns the way to stop it
 */
export function standStillWhileCut(socket: Socket, gate: ZkGate): () => void {
  let isStill = false;
  const apply = (): void => {
    if (gate.isCut === isStill || socket.destroyed) return;
    isStill = gate.isCut;
    if (isStill) {
      socket.cork();
      socket.pause();
    } else {
      socket.uncork();
      socket.resume();
    }
  };
  apply();
  return gate.onChange(apply);
}
