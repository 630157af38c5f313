import { readFileSync } from 'node:fs';

/** Upstream reads into a buffer of this size and tells nothing about a command line that fills it. */
const TOO_LONG_BYTES = 1024;

/**
 * The body of `/pprof/cmdline`: one argument of this process a line (reference/http-api.md 3.9). Empty for a command line of
 * 1024 bytes or more.
 */
export function commandLineText(commandLine: Buffer): Buffer {
  if (commandLine.length >= TOO_LONG_BYTES) return Buffer.alloc(0);
  return Buffer.from(commandLine.map((byte) => (byte === 0 ? 0x0a : byte)));
}

/** The arguments of this process, each ended by a NUL; as Node knows them where there is no /proc. */
export function ownCommandLine(): Buffer {
  try {
    return readFileSync('/proc/self/cmdline');
  } catch {
    const words = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
    return Buffer.from(words.map((word) => `${word}\0`).join(''));
  }
}
