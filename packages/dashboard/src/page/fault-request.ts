import type { ActionRequest } from '../model';

/** What the form of a fault holds, as it was typed. */
export interface FaultForm {
  readonly kind: 'cut' | 'delay' | 'drop' | 'pause';
  readonly instance: string;
  /** Cut: from these; nobody: from everybody. */
  readonly from: readonly string[];
  readonly http: boolean;
  readonly rpc: string;
  readonly ms: string;
  readonly probability: string;
  readonly seed: string;
  /** Seconds; empty: until it is cleared. */
  readonly seconds: string;
}

/** The action that a form asks for. What is not a number is left to the server to refuse in its words. */
export function faultRequest(form: FaultForm): ActionRequest {
  const { kind, instance, from, http, rpc } = form;
  const forMs = optional(form.seconds, (seconds) => ({ forMs: Math.round(seconds * 1000) }));
  const chance = {
    ...optional(form.probability, (probability) => ({ probability })),
    ...optional(form.seed, (seed) => ({ seed })),
  };
  switch (kind) {
    case 'pause':
      return { verb: 'pause', instance, ...forMs };
    case 'cut':
      return {
        verb: 'fault cut',
        instance,
        ...(from.length === 0 ? {} : { from }),
        ...(http ? { http } : {}),
        ...forMs,
      };
    case 'delay':
      return { verb: 'fault delay', instance, rpc, ms: Number(form.ms), ...chance, ...forMs };
    case 'drop':
      return { verb: 'fault drop', instance, rpc, ...chance, ...forMs };
  }
}

function optional<T>(text: string, value: (number: number) => T): T | undefined {
  return text.trim() === '' ? undefined : value(Number(text));
}

/** The task codes that servers' own traffic has; others can be typed. */
export const COMMON_RPC_CODES = [
  'RPC_FD_FAILURE_DETECTOR_PING',
  'RPC_CM_CONFIG_SYNC',
  'RPC_CM_UPDATE_PARTITION_CONFIGURATION',
  'RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX',
  'RPC_CONFIG_PROPOSAL',
  'RPC_PREPARE',
  'RPC_GROUP_CHECK',
  'RPC_LEARN',
  'RPC_LEARN_COMPLETION_NOTIFY',
] as const;
