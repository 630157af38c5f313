import type { FlagState, Flags } from '../flags/flags';
import type { StoredValue } from '../flags/flag-type';
import type { ProfileVariants } from '../profile/profile';
import { Double } from './double';
import { badRequest, type HttpHandler, type HttpRequest, type HttpResponse, ok } from './http-call';
import { type CellValue, SingleColumnTable, TableDocument } from './table-json';

export type ConfigVariants = Pick<
  ProfileVariants,
  'missingConfigName' | 'unknownConfig' | 'updateConfigParameters'
>;

const EXACTLY_ONE = 'ERR_INVALID_PARAMETERS: there should be exactly one config to be updated once';

/**
 * `/config`, `/configs` and `/updateConfig`: the flags of this process (reference/http-api.md 3.4 to 3.6). Nothing but the
 * process asked is changed, and nothing is kept over its end. Unknown parameters are refused before (call-rules.ts).
 */
export function configHandlers(
  flags: Pick<Flags, 'all' | 'find' | 'set'>,
  variants: ConfigVariants,
): Readonly<Record<string, HttpHandler>> {
  return {
    '/config': (request) => config(flags, variants, request),
    '/configs': () => configs(flags),
    '/updateConfig': (request) => updateConfig(flags, variants, request),
  };
}

function config(
  flags: Pick<Flags, 'find'>,
  { missingConfigName, unknownConfig }: ConfigVariants,
  { args }: HttpRequest,
): HttpResponse {
  const name = args.get('name') ?? '';
  if (name === '' && missingConfigName === 'bad-request') return badRequest("name shouldn't be empty");
  const state = flags.find(name);
  if (state === undefined) {
    return ok(`ERR_OBJECT_NOT_FOUND: ${unknownConfig === 'quoted' ? `'${name}'` : name} is not found`);
  }
  return ok(flagTable(state).toJson());
}

function configs(flags: Pick<Flags, 'all'>): HttpResponse {
  const document = new TableDocument();
  for (const state of flags.all()) document.add(state.definition.name, flagTable(state));
  return ok(document.toJson());
}

function updateConfig(
  flags: Pick<Flags, 'set'>,
  { updateConfigParameters }: ConfigVariants,
  { args }: HttpRequest,
): HttpResponse {
  const [first, ...more] = args;
  if (first === undefined || more.length > 0) {
    return updateConfigParameters === 'status' ? updateStatus(EXACTLY_ONE) : badRequest();
  }
  const { error, message } = flags.set(...first);
  return updateStatus(error === 'ERR_OK' ? error : `${error}: ${message}`);
}

function updateStatus(text: string): HttpResponse {
  return ok(new SingleColumnTable().add('update_status', text).toJson());
}

/** The six members of a flag, in upstream's order. */
function flagTable({ definition, value }: FlagState): SingleColumnTable {
  const { name, section, type, mutable, description } = definition;
  return new SingleColumnTable()
    .add('name', name)
    .add('section', section)
    .add('type', `FV_${type.toUpperCase()}`)
    .add('tags', mutable ? 'flag_tag::FT_MUTABLE' : '')
    .add('description', description)
    .add('value', cellOf(definition.type, value));
}

function cellOf(type: FlagState['definition']['type'], value: StoredValue): CellValue {
  return type === 'double' && typeof value === 'number' ? new Double(value) : value;
}
