import type { Socket } from 'node:net';

/**
 * Lets what is written to a socket in one go leave in one system call: a guardian's round sends thousands of small frames to a
 * few servers. Nothing is delayed beyond the piece of work that runs now.
 */
export function writeTogether(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
}
