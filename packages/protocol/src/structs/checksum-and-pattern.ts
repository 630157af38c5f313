// Wire structs and enums of upstream's utils.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import { enumOf } from '../schema';

export const ChecksumType = {
  CST_INVALID: 0,
  CST_NONE: 1,
  CST_MD5: 2,
} as const;
export type ChecksumType = (typeof ChecksumType)[keyof typeof ChecksumType];
export const checksumType = enumOf('checksum_type', ChecksumType);

export const PatternMatchType = {
  PMT_INVALID: 0,
  PMT_MATCH_ALL: 1,
  PMT_MATCH_EXACT: 2,
  PMT_MATCH_ANYWHERE: 3,
  PMT_MATCH_PREFIX: 4,
  PMT_MATCH_POSTFIX: 5,
  PMT_MATCH_REGEX: 6,
} as const;
export type PatternMatchType = (typeof PatternMatchType)[keyof typeof PatternMatchType];
export const patternMatchType = enumOf('pattern_match_type', PatternMatchType);
