import type { Framing, FramingName } from './frame';
import {
  measureRdsnFrame,
  readRdsnRequest,
  readRdsnResponse,
  writeRdsnRequest,
  writeRdsnResponse,
} from './rdsn-frame';
import { measureThftRequest, readThftRequest, writeThftV0Request } from './thft-request';
import { measureThftResponse, readThftResponse, writeThftResponse } from './thft-response';

const thft: Framing = {
  name: 'thft',
  hostPorts: false,
  argumentId: 1,
  measureRequest: measureThftRequest,
  measureResponse: measureThftResponse,
  writeRequest: writeThftV0Request,
  readRequest: readThftRequest,
  writeResponse: (request, answer) => writeThftResponse(request, answer),
  readResponse: readThftResponse,
};

const rdsn: Framing = {
  name: 'rdsn',
  hostPorts: true,
  argumentId: 0,
  measureRequest: measureRdsnFrame,
  measureResponse: measureRdsnFrame,
  writeRequest: writeRdsnRequest,
  readRequest: readRdsnRequest,
  writeResponse: writeRdsnResponse,
  readResponse: readRdsnResponse,
};

export const FRAMINGS: Readonly<Record<FramingName, Framing>> = { thft, rdsn };

/** The framing whose requests begin with these bytes (4 or more), or undefined (reference/rpc-protocol.md 1.1). */
export function framingOf(firstBytes: Buffer): Framing | undefined {
  switch (firstBytes.toString('latin1', 0, 4)) {
    case 'THFT':
      return thft;
    case 'RDSN':
      return rdsn;
    default:
      return undefined;
  }
}
