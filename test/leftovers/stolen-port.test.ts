import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { portsOf } from '@onebox/cluster';
import { SMALLEST, inPlace } from './support/place';
import type { Place } from './support/place';
import { RunningCommand } from './support/running-command';

/** Which port of the smallest cluster is stolen: its place among the ports, and who needs it. */
const STOLEN = [
  { at: 0, instance: 'zookeeper' },
  { at: 1, instance: 'meta1' },
  { at: 2, instance: 'replica1' },
] as const;

const shape = { metas: 1, replicas: 1, collector: false };

/**
 * Takes a port the moment a start has found it free: then the record is written, and no process runs that could open it.
 * A server needs fifty times as long to come that far.
 */
function stealOnRecord(place: Place, at: number): Promise<{ port: number; thief: Server }> {
  const file = join(place.state, 'record.json');
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!existsSync(file)) return void setTimeout(look, 1);
      const { portOffset } = JSON.parse(readFileSync(file, 'utf8')) as { portOffset: number };
      const port = portsOf({ ...shape, portOffset })[at] ?? 0;
      // Whoever takes it for the server it expects gets nothing from it.
      const thief = createServer((socket) => socket.destroy());
      thief.once('error', reject);
      thief.listen(port, '127.0.0.1', () => resolve({ port, thief }));
    };
    look();
  });
}

const closed = (server: Server) => new Promise((resolve) => server.close(resolve));

describe.each(STOLEN)(
  'a port that is stolen from $instance between the look and the start',
  ({ at, instance }) => {
    test('and was asked for: the start fails, says who has it, and is undone', () =>
      inPlace(async (place) => {
        const command = new RunningCommand(place, place.startWords());
        const { port, thief } = await stealOnRecord(place, at);
        const { code, stderr } = await command.end();
        await closed(thief);
        expect(code).toBe(1);
        expect(stderr).toContain(
          `error: port ${port}, which ${instance} needs, is taken by pid ${process.pid}`,
        );
        expect(stderr).toContain('(ONEBOX_PORT_IN_USE)');
        await place.expectStopped();
        await place.run('clear');
        await place.expectNothing();
      }));

    test('and could be any: the cluster moves on, and nothing is left where it was', () =>
      inPlace(async (place) => {
        const command = new RunningCommand(place, ['start', '--ephemeral', '--ports', 'auto', ...SMALLEST]);
        const { port, thief } = await stealOnRecord(place, at);
        const { code, stdout } = await command.end();
        expect({ code, stdout }).toMatchObject({
          code: 0,
          stdout: expect.stringContaining('Trying other ports.') as string,
        });
        await closed(thief);
        const offset = place.onlyOffset();
        expect(portsOf({ ...shape, portOffset: offset })).not.toContain(port);
        await place.run('stop');
        await place.expectNothing(offset);
      }));
  },
);
