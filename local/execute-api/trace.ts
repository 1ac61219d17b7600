// The ids of a request.
import type { Aws } from '../service.ts';

export interface Trace {
  readonly requestId: string;
  readonly extendedRequestId: string;
  /** `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0` */
  readonly traceId: string;
}

/** A trace that the caller has begun goes on. */
export function newTrace({ ids, clock }: Aws, callersTrace = ''): Trace {
  const given = new Map(
    callersTrace.split(';').map(part => [part.split('=')[0]?.trim(), part.split('=')[1]]),
  );
  const time = Math.floor(clock.now() / 1000)
    .toString(16)
    .padStart(8, '0');
  const root = given.get('Root') ?? `1-${time}-${ids.hex(24)}`;
  const parent = given.get('Parent') ?? ids.hex(16);
  const sampled = given.get('Sampled') ?? (given.has('Parent') ? '1' : '0');
  return {
    requestId: ids.uuid(),
    extendedRequestId: `${ids.alphanumeric(15)}=`,
    traceId: `Root=${root};Parent=${parent};Sampled=${sampled}`,
  };
}
