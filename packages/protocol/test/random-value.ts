import { ERROR_CODES } from '@onebox/base';
import type { WireType } from '../src/schema';
import type { SeededRandom } from './seeded-random';

const TEXTS = [
  '',
  'temp',
  'replica.slow_query_threshold',
  'Tabelle grün',
  '表',
  'a\u0000b',
  '{"a":1}',
] as const;

/** Some value of a wire type; optional fields are there or not. */
export function randomValue(type: WireType, random: SeededRandom): unknown {
  switch (type.kind) {
    case 'bool':
      return random.chance(0.5);
    case 'i8':
      return random.below(256) - 128;
    case 'i32':
      return random.below(2 ** 32) - 2 ** 31;
    case 'enum':
      return Object.values(type.values)[random.below(Object.keys(type.values).length)];
    case 'i64':
      return (random.below(2 ** 32) * 2 ** 20 + random.below(2 ** 20)) * (random.chance(0.5) ? 1 : -1);
    case 'i64big':
      return random.bytes(8).readBigInt64BE();
    case 'double':
      return random.next() * 1e9 - 5e8;
    case 'string':
      return random.pick([...TEXTS]);
    case 'taskCode':
      return random.pick(['RPC_RRDB_RRDB_PUT', 'LPC_MUTATION_LOG_WRITE']);
    case 'errorCode':
      return ERROR_CODES[random.below(ERROR_CODES.length)];
    case 'blob':
      return random.bytes(random.below(40));
    case 'rpcAddress':
      return random.chance(0.2) ? null : { ip: [...random.bytes(4)].join('.'), port: random.below(65536) };
    case 'hostPort':
      return random.chance(0.2)
        ? null
        : { host: random.pick(['localhost', 'node-1.example']), port: random.below(65536) };
    case 'gpid':
      return { appId: random.below(2 ** 31), partitionIndex: random.below(2 ** 31) };
    case 'list':
    case 'set':
      return Array.from({ length: random.below(4) }, () => randomValue(type.element, random));
    case 'map':
      return Array.from({ length: random.below(4) }, () => [
        randomValue(type.key, random),
        randomValue(type.value, random),
      ]);
    case 'struct': {
      const value: Record<string, unknown> = {};
      for (const [name, field] of Object.entries(type.fields())) {
        if (field.optional && random.chance(0.4)) continue;
        value[name] = randomValue(field.type, random);
      }
      return value;
    }
  }
}
