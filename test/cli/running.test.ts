import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFakeServer } from '../../packages/cluster/test/support/build-program';
import { RUNNING } from './cases/running';
import { playGroup } from './support/play-group';

const directory = mkdtempSync(join(tmpdir(), 'obg-'));
const serverProgram = join(directory, 'fake-server.cjs');
beforeAll(() => buildFakeServer(serverProgram));
afterAll(() => rmSync(directory, { recursive: true }));

playGroup(RUNNING, (scene) => {
  scene.serverProgram = serverProgram;
  // A cluster that is still there is ended with the scene.
  scene.later(() => scene.run(['clear']));
  scene.mask(/^replica servers alive: 0 of 1\n/gm, '');
  // Columns are as wide as what is in them.
  scene.mask(/ {2,}/g, '  ');
  scene.mask(/running {2}\d+/g, 'running  PID');
  scene.mask(/ {2}(?:\d+(?:ms|[smhd]) ?)+ {2}\d+ MB/g, '  UPTIME  MEMORY');
});
