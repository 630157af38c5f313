import { Flags } from '../flags/flags';
import { ROLES } from '../process/role';
import { PROFILES } from '../profile/profiles';
import type { Config } from './config';
import type { ConfigProblem } from './config-problem';
import { readDefaultTables } from './default-tables';
import type { DefaultTable } from './default-tables';
import { readDuplicationClusters } from './duplication-clusters';
import { findUnknownKeys } from './known-sections';
import { readOneboxSettings } from './onebox-settings';
import { readPerfCounterSettings } from './perf-counter-settings';
import type { OneboxSettings } from './onebox-settings';
import { readServerPort } from './server-port';
import { findUnsoundValues } from './sound-values';

/** A configuration with the meaning of its values, and everything that is wrong with it. */
export interface CheckedConfig {
  readonly config: Config;
  readonly flags: Flags;
  readonly settings: OneboxSettings;
  readonly defaultTables: readonly DefaultTable[];
  /** Errors and warnings, in the order of the file; those about overrides and missing keys behind them. */
  readonly problems: readonly ConfigProblem[];
}

/** Reads and checks all of a configuration. Problems are values: see `refuseErrors`. */
export function checkConfig(config: Config): CheckedConfig {
  const { settings, problems: settingProblems } = readOneboxSettings(config);
  const { flags, problems: flagProblems } = Flags.read(config, PROFILES[settings.profile].flagDefaults);
  const { tables, problems: tableProblems } = readDefaultTables(config);
  const ports = ROLES.filter((role) => config.sections.has(`apps.${role}`));
  const broken = new Set(flagProblems.map(({ section, key }) => `${section}.${key}`));
  const problems = [
    ...config.problems,
    ...flagProblems,
    ...settingProblems,
    ...tableProblems,
    ...readPerfCounterSettings(config).problems,
    ...readDuplicationClusters(config).problems,
    ...ports.flatMap((role) => readServerPort(config, role).problems),
    ...findUnsoundValues(config, flags).filter(({ section, key }) => !broken.has(`${section}.${key}`)),
    ...findUnknownKeys(config),
  ];
  return { config, flags, settings, defaultTables: tables, problems: inFileOrder(problems) };
}

/** Problems with lines first, in their order. */
export function inFileOrder(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const line = ({ origin }: ConfigProblem) =>
    origin.kind === 'file' ? origin.line : Number.MAX_SAFE_INTEGER;
  return problems.toSorted((a, b) => line(a) - line(b));
}
