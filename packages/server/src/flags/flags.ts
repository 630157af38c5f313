import type { ErrorCode } from '@onebox/base';
import type { Config } from '../config/config';
import { configProblem } from '../config/config-problem';
import type { ConfigOrigin, ConfigProblem } from '../config/config-problem';
import type { FlagDefinition } from './flag-definition';
import { FLAGS_BY_NAME, flagNamed } from './flag-table';
import type { FlagName, FlagValue } from './flag-table';
import { allowedText, parseValue } from './flag-type';
import type { StoredValue } from './flag-type';
import type { FlagDefaults } from '../profile/profile';
import { GROUP_RULES } from './group-rule';

/** A flag with the value it has now. */
export interface FlagState {
  readonly definition: FlagDefinition;
  readonly value: StoredValue;
}

/** The outcome of an update, as `/updateConfig` words it (reference/http-api.md 3.6); the message is empty for ERR_OK. */
export interface FlagUpdate {
  readonly error: ErrorCode;
  readonly message: string;
}

/** The configuration flags of one process. */
export class Flags {
  private readonly values: Map<string, StoredValue>;
  private readonly listeners = new Map<string, Set<() => void>>();

  private constructor(values: Map<string, StoredValue>) {
    this.values = values;
  }

  /**
   * Reads every flag: what the file says, else the code default. A value that is not allowed becomes a problem and the
   * default stays. As upstream, rules hold for defaults too: a flag that must not be empty must be written.
   *
   * @param defaults what a generation's code has instead of the table's defaults
   */
  static read(config: Config, defaults: FlagDefaults = {}): { flags: Flags; problems: ConfigProblem[] } {
    const problems: ConfigProblem[] = [];
    const values = new Map<string, StoredValue>();
    for (const definition of FLAGS_BY_NAME) {
      const { value, problem } = readFlag(withDefault(definition, defaults), config);
      values.set(definition.name, value);
      if (problem !== undefined) problems.push(problem);
    }
    const flags = new Flags(values);
    return { flags, problems: [...problems, ...flags.brokenGroupRules(config)] };
  }

  /** The current value. Durations are Pegasus milliseconds or seconds, as the flag's name says. */
  get<N extends FlagName>(name: N): FlagValue<N> {
    const value = this.values.get(name);
    return (typeof value === 'bigint' ? Number(value) : value) as FlagValue<N>;
  }

  /** What `/configs` lists: every flag of the server binary with its exact value, sorted by name. */
  all(): readonly FlagState[] {
    return FLAGS_BY_NAME.filter((definition) => definition.inServerBinary).map((definition) => ({
      definition,
      value: this.stored(definition),
    }));
  }

  /** One flag of {@link all}; undefined for a name a server does not know. */
  find(name: string): FlagState | undefined {
    const definition = flagNamed(name);
    return definition?.inServerBinary === true ? { definition, value: this.stored(definition) } : undefined;
  }

  /** Changes a mutable flag of this process by the checks of `/updateConfig`, in their order; a refused value changes nothing. */
  set(name: string, text: string): FlagUpdate {
    const definition = this.find(name)?.definition;
    if (definition === undefined) return { error: 'ERR_OBJECT_NOT_FOUND', message: `${name} is not found` };
    if (!definition.mutable) return invalid(`${name} is not mutable`);
    if (definition.type === 'string') return invalid('string modifications are not supported');
    const value = parseValue(definition.type, text);
    if (value === undefined) return invalid(`${text} is invalid`);
    if (definition.rule?.accepts(value) === false) return invalid('value validation failed');

    const before = this.stored(definition);
    this.values.set(name, value);
    const failures = this.failedGroupRules();
    if (failures.length > 0) {
      this.values.set(name, before);
      return invalid(failures.map(({ name: rule, hint }) => groupFailure(rule, hint)).join('; '));
    }
    for (const tell of this.listeners.get(name) ?? []) tell();
    return { error: 'ERR_OK', message: '' };
  }

  /** Calls `changed` after each successful {@link set} of the flag. Returns what ends that. */
  onChange<N extends FlagName>(name: N, changed: (value: FlagValue<N>) => void): () => void {
    const tell = (): void => changed(this.get(name));
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners.add(tell));
    return () => void listeners.delete(tell);
  }

  private stored(definition: FlagDefinition): StoredValue {
    return this.values.get(definition.name) ?? definition.default;
  }

  private failedGroupRules(): { name: string; hint: string | undefined }[] {
    return GROUP_RULES.filter((rule) => !rule.holds(this)).map(({ name, hint }) => ({
      name,
      hint: hint?.(this),
    }));
  }

  private brokenGroupRules(config: Config): ConfigProblem[] {
    return GROUP_RULES.filter((rule) => !rule.holds(this)).map((rule) => {
      const definitions = rule.flags.map((name) => flagNamed(name)).filter((flag) => flag !== undefined);
      const written =
        definitions.find((flag) => config.entry(flag.section, flag.name) !== undefined) ?? definitions[0];
      const values = definitions.map(
        (flag) => `[${flag.section}] ${flag.name} = ${String(this.stored(flag))}`,
      );
      return configProblem(
        'ONEBOX_CONFIG_BAD_VALUE',
        originOf(config, written),
        `${values.join(' and ')} do not go together`,
        { section: written?.section, key: written?.name, allowed: rule.allowed },
      );
    });
  }
}

function originOf(config: Config, definition: FlagDefinition | undefined): ConfigOrigin {
  const entry = definition === undefined ? undefined : config.entry(definition.section, definition.name);
  return entry?.origin ?? { kind: 'default', file: config.file };
}

/** Like every value, the default of a 64-bit flag is kept as bigint. */
function withDefault(definition: FlagDefinition, defaults: FlagDefaults): FlagDefinition {
  const value = (defaults as Readonly<Record<string, boolean | number | string>>)[definition.name];
  if (value === undefined) return definition;
  const { type } = definition;
  return { ...definition, default: type === 'int64' || type === 'uint64' ? BigInt(value) : value };
}

function readFlag(
  definition: FlagDefinition,
  config: Config,
): { value: StoredValue; problem: ConfigProblem | undefined } {
  const { section, name, type, rule } = definition;
  const entry = config.entry(section, name);
  const bad = (what: string, allowed: string) => ({
    value: definition.default,
    problem: configProblem('ONEBOX_CONFIG_BAD_VALUE', originOf(config, definition), what, {
      section,
      key: name,
      allowed,
    }),
  });
  if (entry === undefined) {
    if (rule?.accepts(definition.default) === false)
      return bad(`[${section}] ${name} must be set`, rule.allowed);
    return { value: definition.default, problem: undefined };
  }
  const value = parseValue(type, entry.value);
  if (value === undefined)
    return bad(`[${section}] ${name} = ${entry.value} is not of type ${type}`, allowedText(type));
  if (rule?.accepts(value) === false) {
    return bad(`[${section}] ${name} = ${entry.value} is not allowed`, rule.allowed);
  }
  return { value, problem: undefined };
}

function invalid(message: string): FlagUpdate {
  return { error: 'ERR_INVALID_PARAMETERS', message };
}

function groupFailure(rule: string, hint: string | undefined): string {
  return `group validator "${rule}" failed${hint === undefined ? '' : `: "${hint}"`}`;
}
