import { formatSeconds } from '@onebox/base';
import { RPC } from '@onebox/protocol';
import type { RpcRegistry } from './rpc-registry';

/** What `server-info` tells. */
export interface RemoteCommandFacts {
  readonly pegasusVersion: string;
  readonly commit: string;
  readonly startedAtUnixMs: number;
}

/** A command people send by RPC_CLI_CLI_CALL. */
interface RemoteCommand {
  readonly help: string;
  run(args: readonly string[]): string;
}

/** Serves the remote commands of a server; a meta answers them leader or not (reference/rpc-protocol.md 4.1, 4.5). */
export function serveRemoteCommands(registry: RpcRegistry, facts: RemoteCommandFacts): void {
  const commands = remoteCommands(facts);
  registry.on(RPC.RPC_CLI_CLI_CALL, (request) => runCommand(commands, request.cmd, request.arguments));
}

function remoteCommands(facts: RemoteCommandFacts): ReadonlyMap<string, RemoteCommand> {
  const commands = new Map<string, RemoteCommand>();
  commands.set('help', {
    help: 'help [command]: lists all commands, or tells what one does',
    run: ([name]) =>
      name === undefined
        ? [...commands.values()].map(({ help }) => help).join('\n')
        : (commands.get(name)?.help ?? unknownCommand(name)),
  });
  commands.set('server-info', {
    help: 'server-info: version, build and start time of this server',
    run: () =>
      JSON.stringify({
        version: facts.pegasusVersion,
        build_type: 'release',
        git_SHA: facts.commit,
        start_time: formatSeconds(Math.floor(facts.startedAtUnixMs / 1000)),
      }),
  });
  return commands;
}

/** Runs a command, or says that there is none of that name. */
function runCommand(
  commands: ReadonlyMap<string, RemoteCommand>,
  name: string,
  args: readonly string[],
): string {
  return commands.get(name)?.run(args) ?? unknownCommand(name);
}

function unknownCommand(name: string): string {
  return `unknown command '${name}'`;
}
