import { chmodSync } from 'node:fs';
import type { Scene } from './scene';

/** Puts programs, each a shell script, into a directory that is the whole PATH. */
export function programs(scene: Scene, scripts: Readonly<Record<string, string>>): void {
  for (const [name, script] of Object.entries(scripts)) {
    chmodSync(scene.write(`bin/${name}`, `#!/bin/sh\n${script}\n`), 0o755);
  }
  scene.setForProcess('PATH', `${scene.home}/bin`);
}

/** A Docker whose engine answers, on this scene's terms. It is asked through its client, as a remote one is. */
export function docker(scene: Scene, scripts: { readonly docker: string; readonly compose: string }): void {
  programs(scene, { docker: scripts.docker, 'docker-compose': scripts.compose });
  scene.setForProcess('DOCKER_HOST', 'tcp://127.0.0.1:1');
  scene.setForProcess('DOCKER_CONFIG', scene.home);
}
