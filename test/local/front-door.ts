// A front door with one service behind it that a test supplies, and SDK clients that come in through it.
import { realClock } from '../../local/clock.ts';
import { rootCredentials } from '../../local/credentials.ts';
import { seededIds } from '../../local/ids.ts';
import type { CheckQuota } from '../../local/quotas.ts';
import { inProcessHandler } from '../../local/request-handler.ts';
import { type CallRecord, type FrontDoor, frontDoor } from '../../local/server.ts';
import type { Aws, RelayedService, Service } from '../../local/service.ts';
import { openStore } from '../../local/store.ts';

export function anAccount(change: Partial<Aws> = {}): Aws {
  const unused = () => {
    throw new Error('not part of this test');
  };
  return {
    account: '000000000000',
    region: 'us-east-1',
    partition: 'aws',
    store: openStore(),
    clock: realClock,
    ids: seededIds(1),
    at: unused,
    send: unused,
    assumeRole: unused,
    invokeFunction: unused,
    ...change,
  };
}

export function aDoor(
  service: Service | RelayedService,
  { checkQuota = () => {}, ...change }: Partial<FrontDoor> & { readonly checkQuota?: CheckQuota } = {},
) {
  const records: CallRecord[] = [];
  const aws = change.aws ?? anAccount();
  const handle = frontDoor({
    aws,
    placeOf: () => ({
      aws,
      services: { find: async () => service, close: async () => {} },
      checkQuota,
    }),
    serveRequest: async () => ({ status: 200, headers: {}, body: new Uint8Array() }),
    findFault: () => undefined,
    trail: { note() {} },
    onCall: record => records.push(record),
    ...change,
  });
  const client = {
    region: aws.region,
    credentials: rootCredentials,
    maxAttempts: 1,
    requestHandler: inProcessHandler(handle, aws.clock),
  };
  return { aws, handle, client, records };
}

/** A service that answers any operation with what the function returns. */
export function answering(answer: (operation: string, input: unknown) => object): Service {
  const operations = new Proxy({} as Record<string, (input: unknown) => object>, {
    get: (_, name) => (input: unknown) => answer(String(name), input),
    getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: undefined }),
  });
  return { operations, authorize: () => [] };
}
