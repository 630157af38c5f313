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
export interface RemoteCommand {
  /** One line, which begins with the command's name. */
  readonly help: string;
  run(args: readonly string[]): string | Promise<string>;
}

/** The remote commands of a server; a meta answers them leader or not (reference/rpc-protocol.md 4.1, 4.5). */
export class RemoteCommands {
  private readonly commands = new Map<string, RemoteCommand>();

  constructor(facts: RemoteCommandFacts) {
    this.add({
      help: {
        help: 'help [command]: lists all commands, or tells what one does',
        run: ([name]) => this.help(name),
      },
      'server-info': {
        help: 'server-info: version, build and start time of this server',
        run: () => serverInfo(facts),
      },
    });
  }

  /** Adds commands by their names. @throws RangeError when there is one of that name already */
  add(commands: Readonly<Record<string, RemoteCommand>>): this {
    for (const [name, command] of Object.entries(commands)) {
      if (this.commands.has(name)) throw new RangeError(`the remote command ${name} is there already`);
      this.commands.set(name, command);
    }
    return this;
  }

  /** Serves RPC_CLI_CLI_CALL, also for commands that are added later. */
  serve(registry: RpcRegistry): void {
    registry.on(RPC.RPC_CLI_CLI_CALL, (request) => this.run(request.cmd, request.arguments));
  }

  /** Runs a command, or says that there is none of that name. */
  run(name: string, args: readonly string[]): string | Promise<string> {
    return this.commands.get(name)?.run(args) ?? unknownCommand(name);
  }

  private help(name: string | undefined): string {
    if (name !== undefined) return this.commands.get(name)?.help ?? unknownCommand(name);
    return [...this.commands.values()].map(({ help }) => help).join('\n');
  }
}

function serverInfo(facts: RemoteCommandFacts): string {
  return JSON.stringify({
    version: facts.pegasusVersion,
    build_type: 'release',
    git_SHA: facts.commit,
    start_time: formatSeconds(Math.floor(facts.startedAtUnixMs / 1000)),
  });
}

function unknownCommand(name: string): string {
  return `unknown command '${name}'`;
}
