import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';

/** What a test looks at of a profile. */
export interface DecodedProfile {
  /** As `type/unit`. */
  readonly types: readonly string[];
  /** Names from the innermost function out, and the values. */
  readonly samples: readonly { readonly stack: readonly string[]; readonly values: readonly number[] }[];
  readonly files: readonly string[];
  readonly period: number;
  readonly durationMs: number;
}

/** The members of pprof-format's classes, as far as they are read. */
interface WireProfile {
  readonly sampleType: readonly { readonly type: number; readonly unit: number }[];
  readonly sample: readonly { readonly locationId: readonly number[]; readonly value: readonly number[] }[];
  readonly location: readonly {
    readonly id: number;
    readonly line: readonly { readonly functionId: number }[];
  }[];
  readonly function: readonly { readonly id: number; readonly name: number; readonly filename: number }[];
  readonly stringTable: { readonly strings: readonly string[] };
  readonly period: number;
  readonly durationNanos: number;
}

const { Profile } = createRequire(__filename)('pprof-format') as {
  readonly Profile: { decode(bytes: Buffer): WireProfile };
};

/** Reads a gzipped profile.proto with a library that had no part in writing it. */
export function decodeProfile(gzipped: Buffer): DecodedProfile {
  const profile = Profile.decode(gunzipSync(gzipped));
  const text = (index: number): string => profile.stringTable.strings[Number(index)] ?? '?';
  const functions = new Map(profile.function.map(({ id, name }) => [Number(id), text(name)]));
  const locations = new Map(
    profile.location.map(({ id, line }) => [Number(id), functions.get(Number(line[0]?.functionId)) ?? '?']),
  );
  return {
    types: profile.sampleType.map(({ type, unit }) => `${text(type)}/${text(unit)}`),
    samples: profile.sample.map(({ locationId, value }) => ({
      stack: locationId.map((id) => locations.get(Number(id)) ?? '?'),
      values: value.map(Number),
    })),
    files: [...new Set(profile.function.map(({ filename }) => text(filename)))],
    period: Number(profile.period),
    durationMs: Number(profile.durationNanos) / 1e6,
  };
}
