import { type JuteWriter, OpCode } from '../../src/wire';
import {
  type AclEntry,
  CreateRequest,
  DeleteRequest,
  MultiHeader,
  ReadRequest,
  SetAclRequest,
  SetDataRequest,
} from '../../src/wire/records';

// Bodies of requests, as clients send them.

export const OPEN: AclEntry[] = [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }];

/** What a create may say; `flags`: 1 ephemeral, 2 sequential, 4 container. */
export interface CreateSays {
  readonly flags?: number;
  readonly data?: Buffer | null;
  readonly acl?: AclEntry[] | null;
}

type Body = (to: JuteWriter) => void;

export function createBody(path: string | null, says: CreateSays = {}): Body {
  const { flags = 0, data = Buffer.alloc(0), acl = OPEN } = says;
  return (to) => CreateRequest.write(to, { path, data, acl, flags });
}

export function deleteBody(path: string | null, version = -1): Body {
  return (to) => DeleteRequest.write(to, { path, version });
}

export function setDataBody(path: string | null, text: string, version = -1): Body {
  return (to) => SetDataRequest.write(to, { path, data: Buffer.from(text), version });
}

export function setAclBody(path: string | null, acl: AclEntry[], version = -1): Body {
  return (to) => SetAclRequest.write(to, { path, acl, version });
}

export function readBody(path: string | null, watch = false): Body {
  return (to) => ReadRequest.write(to, { path, watch });
}

export function multiBody(...parts: readonly (readonly [type: number, body: Body])[]): Body {
  return (to) => {
    for (const [type, body] of parts) {
      MultiHeader.write(to, { type, done: false, err: -1 });
      body(to);
    }
    MultiHeader.write(to, { type: OpCode.error, done: true, err: -1 });
  };
}
