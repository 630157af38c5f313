import { formatSeconds } from '@onebox/base';
import { RPC } from '@onebox/protocol';
import type { RpcRegistry } from '@onebox/server';

/** What `server-info` tells. */
export interface ServerFacts {
  readonly pegasusVersion: string;
  readonly commit: string;
  readonly startedAtUnixMs: number;
}

/** A command for people, sent by RPC_CLI_CLI_CALL (reference/rpc-protocol.md 4.5). */
interface RemoteCommand {
  readonly name: string;
  readonly help: string;
  run(args: readonly string[]): string;
}

const HELP = { name: 'help', help: 'help [command]: lists all commands, or tells what one does' };

/** What a remote command answers. */
export function runRemoteCommand(facts: ServerFacts, name: string, args: readonly string[]): string {
  const commands = [serverInfo(facts)];
  if (name === HELP.name) return help([HELP, ...commands], args[0]);
  return commands.find((command) => command.name === name)?.run(args) ?? unknown(name);
}

export function serveRemoteCommands(registry: RpcRegistry, facts: ServerFacts): void {
  registry.on(RPC.RPC_CLI_CLI_CALL, ({ cmd, arguments: args }) => runRemoteCommand(facts, cmd, args));
}

function serverInfo({ pegasusVersion, commit, startedAtUnixMs }: ServerFacts): RemoteCommand {
  return {
    name: 'server-info',
    help: 'server-info: version, build and start time of this server',
    run: () =>
      JSON.stringify({
        version: pegasusVersion,
        build_type: 'release',
        git_SHA: commit,
        start_time: formatSeconds(Math.floor(startedAtUnixMs / 1000)),
      }),
  };
}

function help(commands: readonly { readonly name: string; readonly help: string }[], name?: string): string {
  if (name === undefined) return commands.map((command) => command.help).join('\n');
  return commands.find((command) => command.name === name)?.help ?? unknown(name);
}

function unknown(name: string): string {
  return `unknown command '${name}'`;
}
