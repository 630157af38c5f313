/** What `POST /action` takes: one thing that a command of `onebox` does, too. Times are real milliseconds. */
export type ActionRequest =
  | { readonly verb: 'start' | 'stop' | 'restart' | 'kill'; readonly instance: string }
  | { readonly verb: 'resume'; readonly instance: string }
  | { readonly verb: 'pause'; readonly instance: string; readonly forMs?: number }
  | {
      readonly verb: 'fault cut';
      readonly instance: string;
      /** Empty or left out: everybody. */
      readonly from?: readonly string[];
      readonly http?: boolean;
      readonly forMs?: number;
    }
  | {
      readonly verb: 'fault delay';
      readonly instance: string;
      readonly rpc: string;
      readonly ms: number;
      readonly probability?: number;
      readonly seed?: number;
      readonly forMs?: number;
    }
  | {
      readonly verb: 'fault drop';
      readonly instance: string;
      readonly rpc: string;
      readonly probability?: number;
      readonly seed?: number;
      readonly forMs?: number;
    }
  | { readonly verb: 'fault expire-session'; readonly instance: string }
  /** Without an id: all of them. */
  | { readonly verb: 'fault clear'; readonly id?: string }
  | {
      readonly verb: 'app create';
      readonly name: string;
      readonly partitions?: number;
      readonly replicas?: number;
    }
  | { readonly verb: 'app drop'; readonly name: string }
  | { readonly verb: 'level'; readonly level: 'blind' | 'freezed' | 'steady' | 'lively' };

export type ActionVerb = ActionRequest['verb'];

/** What goes along with any action. */
export interface Asked {
  /**
   * When it was asked for: unix milliseconds by the dashboard's clock, as `Beat.at` tells it. A browser may hold a request back until
   * a connection is free: one that is older than {@link STALE_AFTER_MS} is refused. Left out: just now.
   */
  readonly askedAt?: number;
}

/** An action that comes later than this after it was asked for is not done any more: ONEBOX_STALE_ACTION. */
export const STALE_AFTER_MS = 10_000;

/** What `POST /action` answers, with status 200 when it was done and 409 when it was refused. */
export type ActionAnswer =
  | {
      readonly ok: true;
      /** The equal command. */
      readonly command: string;
      /** What that command would print. */
      readonly text: string;
    }
  | {
      readonly ok: false;
      readonly command: string | null;
      /** `ONEBOX_NOT_RUNNING`, `ERR_APP_EXIST` … (docs/errors.md). */
      readonly code: string;
      readonly message: string;
      readonly nextStep: string | null;
      /** The member of the action that is wrong; null or left out when it is none in particular. */
      readonly field?: string | null;
    };
