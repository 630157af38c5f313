import { inSection, int32, uint32 } from '../flag-definition';
import { positive } from '../rule';

/** Flags of section `[ddl_client]`. */
export const DDL_CLIENT_FLAGS = inSection('ddl_client', {
  ddl_client_max_attempt_count: uint32(
    3,
    'client',
    'How many times a table operation sent by this process to the meta servers is tried before it fails.',
    { rule: positive },
  ),
  ddl_client_retry_interval_ms: uint32(
    10000,
    'client',
    'Pause between two tries of a table operation sent to the meta servers, in milliseconds.',
  ),
});

/** Flags of section `[geo_client.lib]`. */
export const GEO_CLIENT_LIB_FLAGS = inSection('geo_client.lib', {
  latitude_index: uint32(
    5,
    'tool',
    'Field of a value, counted from 0 between its separators, in which the geo library finds the latitude.',
    { inServerBinary: false },
  ),
  longitude_index: uint32(
    4,
    'tool',
    'Field of a value, counted from 0 between its separators, in which the geo library finds the longitude.',
    { inServerBinary: false },
  ),
  max_level: int32(
    16,
    'tool',
    'Finest S2 cell level used by the geo library when it covers a search area; must be above min_level.',
    { inServerBinary: false },
  ),
  min_level: int32(
    12,
    'tool',
    'Coarsest S2 cell level used by the geo library when it covers a search area; must be below max_level.',
    { inServerBinary: false },
  ),
});

/** Flags of section `[shell]`. */
export const SHELL_FLAGS = inSection('shell', {
  nodes_sample_interval_ms: uint32(
    1000,
    'tool',
    'Time between the two samples from which the shell computes the rates of a node, in milliseconds.',
    { rule: positive, inServerBinary: false },
  ),
  tables_sample_interval_ms: uint32(
    1000,
    'tool',
    'Time between the two samples from which the shell computes the rates of a table, in milliseconds.',
    { rule: positive, inServerBinary: false },
  ),
});
