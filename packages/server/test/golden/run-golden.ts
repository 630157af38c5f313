import { GOLDEN_ROOMS, type GoldenRoom } from './golden-rooms';
import {
  expectedBody,
  type Generation,
  type GoldenServer,
  type GoldenVector,
  loadGoldenVectors,
  readRequest,
  readWho,
  namesState,
} from './golden-vectors';
import { PROFILE_NAMES, type ProfileName } from '../../src/profile/profile-name';
import { type Address, RawConnection, type RawResponse } from './raw-http';

export interface GoldenRun {
  /** Asked when a test runs, so that the server may be started in beforeAll. */
  readonly address: () => Address;
  readonly server: GoldenServer;
  readonly generation: Generation;
  /** Vectors by number, usually a list of {@link GOLDEN_ROOMS}. */
  readonly vectors: readonly number[];
  /** Written differences of a profile: what a vector must answer instead. Content-Length follows the body. */
  readonly differences?: Readonly<
    Record<number, Partial<Pick<GoldenVector, 'status' | 'body' | 'location'>>>
  >;
  /** Brings the server into the state a vector names (`who` or `request` column) before it is sent. */
  readonly prepare?: (vector: GoldenVector) => void | Promise<void>;
}

/** Which generation a profile answers like; `documented` with written differences. */
export const GENERATION_OF: Readonly<Record<ProfileName, Generation>> = {
  documented: 'GM',
  master: 'GM',
  '2.5': 'G25',
  '2.4': 'G24',
  '2.0': 'G20',
};

/** The vectors of one list that belong to a profile's generation. */
export function vectorsFor(room: GoldenRoom, profile: ProfileName): readonly number[] {
  const all = new Map(loadGoldenVectors().map((vector) => [vector.n, vector]));
  return vectorsOf(room).filter((n) => {
    const vector = all.get(n);
    return vector !== undefined && readWho(vector).generations.includes(GENERATION_OF[profile]);
  });
}

/** The profiles under which a list has vectors: a suite runs it under each of them. */
export function profilesOf(room: GoldenRoom): readonly ProfileName[] {
  return PROFILE_NAMES.filter((profile) => vectorsFor(room, profile).length > 0);
}

/** The vectors of one list. */
export function vectorsOf(room: GoldenRoom): readonly number[] {
  return GOLDEN_ROOMS[room];
}

/**
 * One test per vector, on real sockets: status line, header fields in order, and body, byte for byte. A number that does
 * not exist, or a vector that belongs to another server or generation, fails.
 */
export function describeGolden(title: string, run: GoldenRun): void {
  const all = new Map(loadGoldenVectors().map((vector) => [vector.n, vector]));
  describe(title, () => {
    for (const n of run.vectors) {
      const vector = all.get(n);
      test(`${n}: ${vector?.who ?? '?'}: ${vector?.request ?? '?'} gives ${vector?.status ?? '?'}`, async () => {
        if (vector === undefined) throw new Error(`there is no vector ${n}`);
        const who = readWho(vector);
        if (who.server !== 'any') expect(run.server).toBe(who.server);
        expect(who.generations).toContain(run.generation);
        if (namesState(vector) && run.prepare === undefined) throw new Error('this vector needs `prepare`');
        await run.prepare?.(vector);
        await checkVector(run.address(), expected(vector, run.differences?.[n]));
      });
    }
  });
}

function expected(vector: GoldenVector, difference: Partial<GoldenVector> = {}): GoldenVector {
  if (difference.body == null) return { ...vector, ...difference };
  return { ...vector, ...difference, contentLength: Buffer.byteLength(difference.body) };
}

/** Sends one vector and compares everything that comes back. */
export async function checkVector(address: Address, vector: GoldenVector): Promise<void> {
  const request = readRequest(vector);
  switch (request.kind) {
    case 'closed':
      for (const bytes of request.send) {
        const connection = await RawConnection.open(address);
        await connection.send(bytes);
        expect(await connection.closed()).toBe('');
      }
      return;
    case 'then-silence': {
      const connection = await RawConnection.open(address);
      await connection.send(request.first);
      expect((await connection.response()).statusLine).toBe('HTTP/1.1 200 OK');
      await connection.send(request.second);
      // "Never answered": closing is how we say nothing (reference/http-api.md 8).
      expect(await connection.closed()).toBe('');
      return;
    }
    case 'answered': {
      const connection = await RawConnection.open(address);
      await connection.send(request.send);
      for (let answer = 0; answer < request.times; answer += 1) compare(await connection.response(), vector);
      // The connection stays open, and nothing follows: the next request is answered first thing.
      if (!request.send.includes('HTTP/1.0')) {
        await connection.send('GET /nosuch HTTP/1.1\r\n\r\n');
        expect((await connection.response()).statusLine).toBe('HTTP/1.1 404 Not Found');
      }
      expect(connection.quiet).toBe(true);
      await connection.close();
      return;
    }
  }
}

function compare(response: RawResponse, vector: GoldenVector): void {
  const body = expectedBody(vector);
  // Vector 21 says "two complete 200 responses" where others have a status.
  const status = vector.status === 'two complete 200 responses' ? '200 OK' : vector.status;
  const headers = ['Content-Type: text/plain', `Content-Length: ${Buffer.byteLength(body)}`];
  if (vector.location !== null) headers.push(`Location: ${vector.location}`);
  if (vector.contentLength !== null) expect(Buffer.byteLength(body)).toBe(vector.contentLength);
  expect({ ...response, body: response.body.toString('utf8') }).toEqual({
    statusLine: `HTTP/1.1 ${status}`,
    headers,
    body,
  });
}
