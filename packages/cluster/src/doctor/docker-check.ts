import { findingsOf } from './finding';
import type { Finding } from './finding';
import { installCommand, rootCommand } from './machine-tools';
import type { MachineTools } from './machine-tools';
import { shellWords } from './shell-words';

/** What there is of Docker on this machine. */
export type DockerFacts =
  | { readonly state: 'no client' }
  /** `denied`: the engine's socket is there, and we may not use it. */
  | { readonly state: 'no engine'; readonly why: string; readonly denied: boolean }
  | { readonly state: 'no compose' }
  | {
      readonly state: 'ready';
      readonly compose: string;
      readonly image: string;
      /** Undefined when the engine did not say in time. */
      readonly imageThere: boolean | undefined;
    };

const say = findingsOf('docker');

/**
 * Whether a ZooKeeper could run in a container.
 *
 * @param needed a cluster was created with it: then it has to be there
 */
export function checkDocker(
  facts: DockerFacts,
  { tools, needed, user }: { tools: MachineTools; needed: boolean; user: string },
): readonly Finding[] {
  const data = { ...facts };
  const lacking = needed ? say.problem : say.warning;
  const because = needed
    ? 'The cluster was created with it.'
    : 'It is not needed; without it `auto` looks on.';
  switch (facts.state) {
    case 'no client':
      if (!needed) return [say.ok('there is no Docker; none is needed', { data })];
      return [
        say.problem('there is no Docker', { advice: because, fix: installCommand('docker', tools), data }),
      ];
    case 'no engine':
      return [lacking(facts.why, { advice: because, fix: engineFix(facts.denied, tools, user), data })];
    case 'no compose':
      return [
        lacking('an engine answers, but there is neither `docker compose` nor `docker-compose`', {
          advice: because,
          fix: installCommand('compose', tools),
          data,
        }),
      ];
    case 'ready':
      return [ready(facts, data)];
  }
}

function ready(facts: Extract<DockerFacts, { state: 'ready' }>, data: Finding['data']): Finding {
  const { compose, image, imageThere } = facts;
  if (imageThere === true)
    return say.ok(`an engine answers; ${compose}; the image ${image} is there`, { data });
  if (imageThere === undefined) {
    return say.warning(`an engine answers, but did not say in time whether it has the image ${image}`, {
      fix: shellWords('docker', 'image', 'inspect', image),
      data,
    });
  }
  return say.warning(`an engine answers, but does not have the image ${image}`, {
    advice: 'The first start pulls it, which may take minutes.',
    fix: shellWords('docker', 'pull', image),
    data,
  });
}

function engineFix(denied: boolean, tools: MachineTools, user: string): string | null {
  if (denied) return rootCommand(`${shellWords('usermod', '-aG', 'docker', user)} && newgrp docker`, tools);
  switch (tools.services) {
    case 'systemd':
      return rootCommand('systemctl start docker', tools);
    case 'init.d':
      return rootCommand('service docker start', tools);
    case undefined:
      return null;
  }
}
