// Wire structs and enums of upstream's security.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import { blob, enumOf, field, struct } from '../schema';
import type { Value } from '../schema';

export const NegotiationStatus = {
  INVALID: 0,
  SASL_LIST_MECHANISMS: 1,
  SASL_LIST_MECHANISMS_RESP: 2,
  SASL_SELECT_MECHANISMS: 3,
  SASL_SELECT_MECHANISMS_RESP: 4,
  SASL_INITIATE: 5,
  SASL_CHALLENGE: 6,
  SASL_CHALLENGE_RESP: 7,
  SASL_SUCC: 8,
  SASL_AUTH_DISABLE: 9,
  SASL_AUTH_FAIL: 10,
} as const;
export type NegotiationStatus = (typeof NegotiationStatus)[keyof typeof NegotiationStatus];
export const negotiationStatus = enumOf('negotiation_status', NegotiationStatus);

export const negotiationRequest = struct('negotiation_request', () => ({
  status: field(1, negotiationStatus),
  msg: field(2, blob),
}));
export type NegotiationRequest = Value<typeof negotiationRequest>;

export const negotiationResponse = struct('negotiation_response', () => ({
  status: field(1, negotiationStatus),
  msg: field(2, blob),
}));
export type NegotiationResponse = Value<typeof negotiationResponse>;
