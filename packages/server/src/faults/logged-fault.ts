import type { LoggedFault } from '../event-log';
import type { Fault } from './fault';
import { faultText } from './fault-text';

/** A fault as the events of its beginning and its end name it. */
export function loggedFault(fault: Fault): LoggedFault {
  const { id, kind, instance } = fault;
  return {
    ...{ fault: id, text: faultText(fault), kind, instance },
    from: fault.kind === 'cut' ? fault.from.map(({ name }) => name) : [],
    rpc: fault.kind === 'cut' ? null : fault.rpc,
  };
}
