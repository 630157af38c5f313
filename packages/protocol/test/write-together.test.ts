import { Socket } from 'node:net';
import { writeTogether } from '../src/framing';

test('what is written in one piece of work is held together, and leaves right behind it', async () => {
  const socket = new Socket();
  writeTogether(socket);
  writeTogether(socket);
  expect(socket.writableCorked).toBe(1);
  await new Promise((resolve) => process.nextTick(resolve));
  expect(socket.writableCorked).toBe(0);
  socket.destroy();
});
