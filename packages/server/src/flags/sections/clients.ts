import { inSection, int32, uint32 } from '../flag-definition';
import { positive } from '../rule';

/** Flags of section `[ddl_client]`. */
export const DDL_CLIENT_FLAGS = inSection('ddl_client', {
  ddl_client_max_attempt_count: uint32(3, 'client', { rule: positive }),
  ddl_client_retry_interval_ms: uint32(10000, 'client'),
});

/** Flags of section `[geo_client.lib]`. */
export const GEO_CLIENT_LIB_FLAGS = inSection('geo_client.lib', {
  latitude_index: uint32(5, 'tool', { inServerBinary: false }),
  longitude_index: uint32(4, 'tool', { inServerBinary: false }),
  max_level: int32(16, 'tool', { inServerBinary: false }),
  min_level: int32(12, 'tool', { inServerBinary: false }),
});

/** Flags of section `[shell]`. */
export const SHELL_FLAGS = inSection('shell', {
  nodes_sample_interval_ms: uint32(1000, 'tool', { rule: positive, inServerBinary: false }),
  tables_sample_interval_ms: uint32(1000, 'tool', { rule: positive, inServerBinary: false }),
});
