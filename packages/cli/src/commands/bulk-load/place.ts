import type { Command } from 'commander';
import { clusterNameOf } from '../../cli-context';

/** Where the files of a load are, when the command line does not say. */
export const DEFAULT_ROOT = 'bulk_load_root';
export const DEFAULT_PROVIDER = 'local_service';

export interface PlaceOptions {
  readonly cluster?: string;
  readonly provider: string;
  readonly root: string;
}

/** The options by which a set of files is found. */
export function withPlaceOptions(command: Command): Command {
  return command
    .option('--cluster <cluster>', 'the name that the path of the files has; default: of this cluster')
    .option('--provider <provider>', 'the block service', DEFAULT_PROVIDER)
    .option('--root <path>', 'the path below which the files are, in the block service', DEFAULT_ROOT);
}

export function clusterOf({ cluster }: PlaceOptions, command: Command): string {
  return cluster ?? clusterNameOf(command);
}
